/** Cells of custom attributes, by type → the value as it is stored. What the export writes reads back as the same value. */
import { type AttributeType, type ChoiceOption, place, valueSchema } from '../../domain/attribute/types.js';
import { parseCsvList } from '../../domain/csv.js';
import { wallTimeToInstant } from '../../domain/zoned-time.js';
import {
  isRefusal,
  readBoolean,
  readCurrency,
  readDayBetween,
  readInstant,
  readListOf,
  readNumber,
  type ReadSettings,
  readText,
  type Refusal,
  refuse,
} from './coerce.js';

/** A stored value, or a `Refusal`. */
export type AttributeReader = (cell: string, settings: ReadSettings) => unknown;

const number = readNumber(-1e15, 1e15);
const anyDay = readDayBetween('1800-01-01', '2199-12-31');
const anyInstant = readInstant('1800-01-01', 170 * 365 * 86_400_000);

export function attributeReader(type: AttributeType, options: readonly ChoiceOption[] = []): AttributeReader {
  switch (type) {
    case 'text':
      return readText(2000);
    case 'number':
      return (cell, settings) => unlessRefused(number(cell, settings), Number);
    case 'boolean':
      return (cell, settings) => unlessRefused(readBoolean(cell, settings), answer => answer === 'true');
    case 'date':
      return anyDay;
    case 'time':
      return readTime;
    case 'money':
      return readMoney;
    case 'place':
      return readPlace;
    case 'texts':
      return readListOf(500);
    case 'choice':
      return choiceReader(type, options, cell => cell);
    case 'choices':
      return choiceReader(type, options, parseCsvList);
  }
}

function unlessRefused<Value>(read: unknown, change: (text: string) => Value): Value | Refusal {
  return isRefusal(read) ? read : change(read as string);
}

/** The reader of instants gives "day time offset" or "day time zone". */
function readTime(cell: string, settings: ReadSettings): unknown {
  return unlessRefused(anyInstant(cell, settings), text => {
    const [day = '', time = '', place = ''] = text.split(' ');
    const wall = `${day}T${time}`;
    if (place === 'UTC' || /^[+-]/.test(place)) return new Date(wall + (place === 'UTC' ? 'Z' : place)).toISOString();
    return wallTimeToInstant(wall, place).toISOString();
  });
}

/** "12.50 EUR" or "EUR 12.50". */
function readMoney(cell: string, settings: ReadSettings): unknown {
  const [, before, amountText = '', after] = /^([A-Za-z]{3})?\s*(.*?)\s*([A-Za-z]{3})?$/u.exec(cell) ?? [];
  if ((before === undefined) === (after === undefined)) return refuse('not an amount with its currency, such as 12.50 EUR');
  const currency = readCurrency(before ?? after ?? '', settings);
  if (isRefusal(currency)) return currency;
  return unlessRefused(number(amountText, settings), amount => ({ amount: Number(amount), currency }));
}

function readPlace(cell: string): unknown {
  const { data, success } = place.safeParse(jsonOf(cell));
  return success ? data : refuse('not a place such as {"country":"FI","city":"Tampere"}');
}

function jsonOf(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return null;
  }
}

function choiceReader(
  type: 'choice' | 'choices',
  options: readonly ChoiceOption[],
  split: (cell: string) => string | string[],
): AttributeReader {
  const schema = valueSchema({ type, options });
  return cell => {
    const { data, success, error } = schema.safeParse(split(cell));
    return success ? data : refuse((error.issues[0]?.message ?? 'not an option').replace('Must be', 'not'));
  };
}
