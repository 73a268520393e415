/** The attribute columns of a contacts file, looked up in the registry once per import: each value goes under its id, read by its type. */
import type { Actor } from '../../accounts/actor.js';
import type { Attribute, AttributeType } from '../../domain/attribute/types.js';
import type { Database } from '../../platform/database/database.js';
import { invalid } from '../../platform/errors.js';
import { ensureAttributes } from '../attributes/ensure-attributes.js';
import { maxAttributes, type Registry, sensitiveIsOff, whyOff } from '../attributes/registry.js';
import { attributeReader } from './attribute-cells.js';
import { refuse } from './coerce.js';
import type { ColumnField } from './contact-fields.js';
import type { AttributeMeaning, PlannedColumn } from './plan.js';

/** Keys that nobody registered are registered with the type that the column names, else as text. */
export async function bindAttributes(db: Database, actor: Actor, columns: readonly PlannedColumn[]): Promise<PlannedColumn[]> {
  const wanted = columns.flatMap(({ meaning }): [string, AttributeType][] =>
    meaning.kind === 'attribute' && !needsOptions(meaning.type) ? [[meaning.key, meaning.type ?? 'text']] : [],
  );
  const registry = await db.transaction(tx => ensureAttributes(tx, actor, new Map(wanted)));
  return columns.map(column => bind(registry, column));
}

function bind(registry: Registry, column: PlannedColumn): PlannedColumn {
  const { meaning, header, field } = column;
  if (meaning.kind === 'column' && !registry.isFieldOn(field))
    return { ...column, meaning: { ...meaning, field: off(meaning.field) } };
  if (meaning.kind !== 'attribute') return column;
  const attribute = registry.find(meaning.key);
  if (!attribute) throw invalid('/mapping', `${shown(header)}: ${whyMissing(meaning)}`);
  const problem = whyOff(attribute) ?? mismatch(attribute, meaning.type);
  if (problem !== null) throw invalid('/mapping', `${shown(header)} (${field}): ${problem}`);
  return { ...column, meaning: { ...meaning, id: attribute.id, read: attributeReader(attribute.type, attribute.options) } };
}

/** Our own exports have the column with nothing in it, so only a row that says something is rejected. */
const off = (field: ColumnField): ColumnField => ({ ...field, read: () => refuse(sensitiveIsOff) });

const needsOptions = (type: AttributeType | null): boolean => type === 'choice' || type === 'choices';

function whyMissing({ key, type }: AttributeMeaning): string {
  return needsOptions(type)
    ? `there is no attribute "${key}": register it with its options first`
    : `there are already ${maxAttributes} attributes`;
}

/** Exports write choices so that a workspace without the registry can read them, too: as texts. */
function mismatch({ key, type }: Attribute, named: AttributeType | null): string | null {
  const isSame =
    named === null || named === type || `${named}/${type}` === 'texts/choices' || `${named}/${type}` === 'text/choice';
  return isSame ? null : `the attribute "${key}" is registered as ${type}, not ${named}`;
}

const shown = (header: string): string => `Column "${header.slice(0, 60)}"`;
