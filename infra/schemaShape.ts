import type * as v from 'valibot';

/** What valibot keeps in a schema of any kind, as far as it is read here. */
export interface Inside extends v.GenericSchema {
  readonly entries?: Readonly<Record<string, Inside>>;
  readonly wrapped?: Inside;
  readonly item?: Inside;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
}

/** Valibot's generic type leaves out what a schema of a known kind holds; all of it is optional here and read with care. */
export function insideOf(schema: v.GenericSchema): Inside {
  return schema as Inside;
}

/** The schema without what makes it optional. */
export function unwrapped(schema: Inside): Inside {
  return schema.wrapped === undefined ? schema : unwrapped(schema.wrapped);
}

/** The fields of what a schema describes, in its order, `?` after those that may be left out: `{ Uid, Email? }`. */
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
