import { nameOf, type RawRow } from '#infra/local/tableRows.ts';

/** How many snapshots are remembered at once. */
const MOST = 4;

/** What of an estate is kept in files, by their names. */
export type KeptFiles = Readonly<Partial<Record<string, string>>>;

/** An estate as it was at a moment, and which of its rows have been written since. */
export interface Then {
  readonly files: KeptFiles;
  readonly rows: ReadonlyMap<string, RawRow>;
  /** The keys of what was written since, by their names. */
  readonly written: Map<string, RawRow>;
}

/** What of snapshots this process remembers, so that bringing one back takes as long as what has changed, and not as what there is. */
export interface RememberedRows {
  /** Remembers an estate as it is now; `stamp` tells one snapshot of the same name from another. */
  remember(name: string, table: string, stamp: string, was: { rows: readonly RawRow[]; files: KeptFiles }): void;
  /** Undefined where it is not remembered. */
  find(name: string, table: string, stamp: string): Then | undefined;
  /** Notes that a table's row of this key was written, by whomever. */
  note(table: string, key: RawRow): void;
  /** Notes that the table is again what it was. */
  settle(name: string): void;
  forget(name: string): void;
}

/** Remembers the rows of the snapshots that were used last. */
export function openRememberedRows(): RememberedRows {
  const all = new Map<string, Then & { readonly table: string; readonly stamp: string }>();
  return {
    remember(name, table, stamp, { files, rows }) {
      all.delete(name);
      all.set(name, { table, stamp, files, rows: new Map(rows.map((row) => [nameOf(row), row])), written: new Map() });
      for (const [oldest] of all) {
        if (all.size <= MOST) break;
        all.delete(oldest);
      }
    },
    find(name, table, stamp) {
      const found = all.get(name);
      return found?.table === table && found.stamp === stamp ? found : undefined;
    },
    note(table, key) {
      for (const one of all.values()) if (one.table === table) one.written.set(nameOf(key), key);
    },
    settle: (name) => all.get(name)?.written.clear(),
    forget: (name) => void all.delete(name),
  };
}
