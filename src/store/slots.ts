import { type Column, getTableColumns, type Placeholder, type SQL, sql, type Table } from 'drizzle-orm';

/** A named parameter for each column, to prepare an INSERT with. */
export function slots<const K extends string>(...names: readonly K[]): Record<K, Placeholder<K>> {
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Record<K, Placeholder<K>>;
}

/** The same to prepare an UPDATE with: its types take no bare placeholder, and the column must still encode the value. */
export function newValues<const K extends string>(table: Table, ...names: readonly K[]): Record<K, SQL> {
  const columns: Record<string, Column> = getTableColumns(table);
  const pairs = names.map((name) => [name, sql`${sql.param(sql.placeholder(name), columns[name])}`]);
  return Object.fromEntries(pairs) as Record<K, SQL>;
}
