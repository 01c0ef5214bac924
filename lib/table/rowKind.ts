import * as v from 'valibot';
import type { Change } from '#lib/table/expressions.ts';
import type { Key, Row } from '#lib/table/table.ts';

/** What a row was before its schema was changed, without its keys; a row that says no schema is of the first. */
type Upgrade = (old: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

interface Declared<Shape extends v.GenericSchema<object, object>> {
  /** What the row says it is, in its attribute `type`. */
  readonly type: string;
  readonly shape: Shape;
  /** How a row of each earlier schema becomes one of the next; the schema's number follows from how many there are. */
  readonly upgrades?: readonly Upgrade[];
}

/** One kind of item in the table: what its rows hold, and which schema they are of. Rows of earlier schemas stay readable. */
export interface RowKind<Shape extends v.GenericSchema<object, object> = v.GenericSchema<object, object>> {
  readonly type: string;
  readonly shape: Shape;
  readonly schema: number;
  /** A row of this kind, said to be so. */
  row(key: Key, attributes: Readonly<Record<string, unknown>>): Row;
  /** The change by which an update that may create the row says so. */
  readonly marks: Change;
  /** What the row holds; throws when it is malformed, so that damage shows at the edge. */
  read(row: Readonly<Record<string, unknown>>): v.InferOutput<Shape>;
}

/** Declares a kind of row. */
export function rowKind<const Shape extends v.GenericSchema<object, object>>({
  type,
  shape,
  upgrades = [],
}: Declared<Shape>): RowKind<Shape> {
  const schema = upgrades.length + 1;
  return {
    type,
    shape,
    schema,
    row: (key, attributes) => ({ ...key, type, schema, ...attributes }),
    marks: { set: { type, schema } },
    read(row) {
      const since = typeof row['schema'] === 'number' ? row['schema'] : 1;
      return v.parse(
        shape,
        upgrades.slice(since - 1).reduce((old, upgrade) => upgrade(old), row),
      );
    },
  };
}
