import type * as v from 'valibot';

/** The fields that valibot keeps in a schema, as far as they are read here. */
export interface Inside extends v.GenericSchema {
  readonly entries?: Readonly<Record<string, Inside>>;
  readonly wrapped?: Inside;
  readonly item?: Inside;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
  readonly value?: Inside;
  readonly default?: unknown;
  /** A schema, and what is then done with the value in turn. */
  readonly pipe?: readonly [Inside, ...Step[]];
}

/** A step of a pipe: a check, a transformation, or something that is told of the value. */
export interface Step {
  readonly type: string;
  readonly requirement?: unknown;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Valibot's generic type hides the fields of concrete schemas. All of them are optional here. */
export function insideOf(schema: v.GenericSchema): Inside {
  return schema as Inside;
}

/** The schema inside an optional one. */
export function unwrapped(schema: Inside): Inside {
  return schema.wrapped === undefined ? schema : unwrapped(schema.wrapped);
}

/** The fields of a schema in its order, with `?` after optional ones: `{ Uid, Email? }`. */
export function shapeOf(schema: v.GenericSchema): string {
  const { entries, item } = unwrapped(insideOf(schema));
  if (item !== undefined) return `[${shapeOf(item)}]`;
  if (entries === undefined) return '';
  const fields = Object.entries(entries).map(([name, field]) => {
    const within = shapeOf(field);
    return `${name}${field.type === 'optional' ? '?' : ''}${within === '' ? '' : `: ${within}`}`;
  });
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
