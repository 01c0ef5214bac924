import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import type { Change } from '#lib/table/expressions.ts';
import type { Key, Row } from '#lib/table/table.ts';

/** Turns a row of one schema into a row of the next. */
type Upgrade = (old: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

interface Declared<Shape extends v.GenericSchema<object, object>> {
  /** The value of the attribute `type` in its rows. */
  readonly type: string;
  readonly shape: Shape;
  /** From each earlier schema to the next. The current schema's number is one more than there are upgrades. */
  readonly upgrades?: readonly Upgrade[];
}

/** That a row is damaged: it is not as its kind says. Reading it again does not help (docs/decisions.md D31). */
export class IllegibleRow extends Error {}

/** One kind of row in the table, with its schema. Rows of earlier schemas stay readable. */
export interface RowKind<Shape extends v.GenericSchema<object, object> = v.GenericSchema<object, object>> {
  readonly type: string;
  readonly shape: Shape;
  readonly schema: number;
  /** A row of this kind, with its type and schema. */
  row(key: Key, attributes: Readonly<Record<string, unknown>>): Row;
  /** Sets type and schema, for an update that may create the row. */
  readonly marks: Change;
  /** Reads a row; one without a schema is of the first. Throws `IllegibleRow` when it is malformed, so that damage shows early. */
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
    // Not `{ ...key, ... }`: what follows such a spread is added one by one, and a row takes V8 ten times as long and more.
    row: ({ pk, sk }, attributes) => ({ pk, sk, type, schema, ...attributes }),
    marks: { set: { type, schema } },
    read(row) {
      const since = typeof row['schema'] === 'number' ? row['schema'] : 1;
      const read = v.safeParse(
        shape,
        upgrades.slice(since - 1).reduce((old, upgrade) => upgrade(old), row),
      );
      if (read.success) return read.output;
      throw new IllegibleRow(
        `a row of type ${type} cannot be read: ${v.getDotPath(read.issues[0]) ?? ''} ${read.issues[0].message}`,
      );
    },
  };
}

/** A row as the table's stream delivers it, to be read by its kind. */
export function imageOf(image: object): Record<string, unknown> {
  return unmarshall(asAttributes(image));
}

/** Lambda and the stream's API type items differently, but both use DynamoDB's own notation. */
function asAttributes(image: object): Parameters<typeof unmarshall>[0] {
  return image as Parameters<typeof unmarshall>[0];
}
