// Rows as the parameters of a multi-column `unnest`. A column of nothing is one null, which `unnest` fills up: most are, and an array costs as much as its rows.
export function columnsOf<Row>(rows: readonly Row[]): <Value>(pick: (row: Row) => Value | undefined) => (Value | null)[] | null {
  return pick => {
    const values = rows.map(row => pick(row) ?? null);
    return values.every(value => value === null) ? null : values;
  };
}
