/**
 * SQL as a value: pieces of text and the values between them. A fragment inside a fragment is spliced; any other value
 * becomes a numbered parameter when the whole is rendered, so a value can never reach the text. Pure; used by every
 * `*.sql.ts` file and by the segment compiler.
 */
export class Sql {
  constructor(
    readonly texts: readonly string[],
    readonly values: readonly unknown[],
    readonly isPrepared = false,
  ) {}

  /**
   * The same statement, parsed and planned once a connection and not each time: for hot ones that take long to plan and have few texts. Its plan
   * fits all values, so whatever it is looked up by must be an index's key.
   */
  prepared(): Sql {
    return new Sql(this.texts, this.values, true);
  }

  /** Text with $1…$n and the values in that order, as the `pg` driver takes them. */
  render(): { text: string; values: unknown[] } {
    let text = this.texts[0] ?? '';
    for (let i = 0; i < this.values.length; i++) text += `$${i + 1}${this.texts[i + 1]}`;
    return { text, values: [...this.values] };
  }
}

/** sql`select … where id = ${id} and ${condition}` */
export function sql(texts: TemplateStringsArray, ...parts: readonly unknown[]): Sql {
  const outTexts: string[] = [texts[0] ?? ''];
  const outValues: unknown[] = [];
  parts.forEach((part, i) => {
    append(outTexts, outValues, part);
    outTexts[outTexts.length - 1] += texts[i + 1] ?? '';
  });
  return new Sql(outTexts, outValues);
}

function append(texts: string[], values: unknown[], part: unknown): void {
  if (!(part instanceof Sql)) {
    if (part === undefined) throw new Error('undefined is not an SQL value; use null');
    values.push(part);
    texts.push('');
    return;
  }
  texts[texts.length - 1] += part.texts[0] ?? '';
  part.values.forEach((value, i) => {
    values.push(value);
    texts.push(part.texts[i + 1] ?? '');
  });
}

export const emptySql = new Sql([''], []);

/** Fragments with a separator between them; an empty list gives an empty fragment. */
export function joinSql(parts: readonly Sql[], separator: Sql | string): Sql {
  const between = typeof separator === 'string' ? new Sql([separator], []) : separator;
  return parts.reduce((all, part, i) => (i === 0 ? part : sql`${all}${between}${part}`), emptySql);
}

/** Quotes a name that code (never a user) chose: a table, a column, a schema. Throws on anything but a plain name. */
export function identifier(name: string): Sql {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error(`not a plain SQL name: ${name}`);
  return new Sql([name], []);
}

/** A literal chosen by code from a closed set (a state, a channel); letters, digits, dash, dot and underscore only. */
export function literal(value: string): Sql {
  if (!/^[\w.-]*$/.test(value)) throw new Error(`not a plain SQL literal: ${value}`);
  return new Sql([`'${value}'`], []);
}

/** Shape of a row-returning statement's parameter for large id lists: one array value, not thousands of parameters. */
export function anyOf(column: Sql, values: readonly unknown[], type: 'bigint' | 'text' | 'bytea'): Sql {
  return sql`${column} = any(${values}::${new Sql([`${type}[]`], [])})`;
}
