import type * as v from 'valibot';
import { type Inside, insideOf, type Step } from '#infra/schemaShape.ts';
import { writable } from '#lib/dialects/fields.ts';

/** A schema in the words of JSON Schema 2020-12, which are those of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What is sent where a schema of valibot is asked for, before it is decoded. What JSON Schema has no words for is left out. */
export function jsonSchemaOf(schema: v.GenericSchema): JsonSchema {
  return written(insideOf(schema));
}

function written(schema: Inside): JsonSchema {
  const { pipe } = schema;
  if (pipe === undefined) return bare(schema);
  const [first, ...steps] = pipe;
  const decodedAt = steps.findIndex(({ type }) => decoding.has(type));
  const sent = decodedAt < 0 ? steps : steps.slice(0, decodedAt);
  const told = steps.filter((step) => step.type === 'description' && !sent.includes(step));
  return [...sent, ...told].reduce(narrowed, first === undefined ? {} : written(first));
}

/** After these a value is another than the one sent. */
const decoding: ReadonlySet<string> = new Set(['transform', 'parse_json', 'raw_transform']);

function bare({ entries, item, literal, options, type, wrapped, ...rest }: Inside): JsonSchema {
  if (wrapped !== undefined) {
    return { ...written(wrapped), ...(rest.default !== undefined && { default: rest.default }) };
  }
  if (entries !== undefined) return objectOf(entries);
  if (type === 'union') return unionOf((options ?? []).map((option) => written(schemaIn(option))));
  if (type === 'array') return { type: 'array', items: item === undefined ? {} : written(item) };
  if (type === 'picklist') return { type: typeof options?.[0], enum: options };
  if (type === 'literal') return { const: literal };
  if (type === 'record')
    return { type: 'object', additionalProperties: rest.value === undefined ? {} : written(rest.value) };
  return scalars.has(type) ? { type } : {};
}

const scalars: ReadonlySet<unknown> = new Set(['string', 'number', 'boolean', 'integer']);

function objectOf(entries: Readonly<Record<string, Inside>>): JsonSchema {
  const fields = Object.entries(entries);
  const required = fields.flatMap(([name, { type }]) => (optional.has(type) ? [] : [name]));
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, written(field)])),
    ...(required.length > 0 && { required }),
  };
}

const optional: ReadonlySet<string> = new Set(['optional', 'exact_optional', 'nullish', 'undefinedable']);

/** Of several kinds of scalars the first is the form itself; the others are further ways to send the same, such as a number as text. */
function unionOf(members: readonly JsonSchema[]): JsonSchema {
  const isScalar = members.every(({ type }) => scalars.has(type));
  return isScalar ? (members[0] ?? {}) : { anyOf: members };
}

/** The options of a union are schemas; those of a list of values, which have the same name in valibot, never come here. */
function schemaIn(option: unknown): Inside {
  return option as Inside;
}

function narrowed(schema: JsonSchema, { description, metadata, requirement, type }: Step): JsonSchema {
  // Both hold for all texts and integers, which is said once (infra/openApi.ts).
  if (requirement === writable || requirement === Number.MAX_SAFE_INTEGER) return schema;
  if (type === 'regex' && requirement instanceof RegExp) return matching(schema, requirement.source);
  if (type === 'metadata')
    return { ...schema, ...(metadata?.['values'] !== undefined && { enum: metadata['values'] }) };
  if (type === 'description') return { ...schema, description };
  if (type === 'safe_integer' || type === 'integer') return { ...schema, type: 'integer' };
  if (type === 'email' || type === 'rfc_email') return { ...schema, format: 'email' };
  if (type === 'not_value') return { ...schema, not: { const: requirement } };
  const bound = bounds[schema['type'] === 'array' ? 'array' : 'scalar'][type];
  return bound === undefined ? schema : { ...schema, [bound]: requirement };
}

function matching(schema: JsonSchema, pattern: string): JsonSchema {
  if (schema['pattern'] === undefined) return { ...schema, pattern };
  const others: readonly unknown[] = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
  return { ...schema, allOf: [...others, { pattern }] };
}

/** JSON Schema counts code points, which are between valibot's UTF-16 units and its graphemes. */
const bounds: Readonly<Record<'array' | 'scalar', Readonly<Record<string, string>>>> = {
  array: { min_length: 'minItems', max_length: 'maxItems' },
  scalar: {
    min_value: 'minimum',
    max_value: 'maximum',
    min_length: 'minLength',
    max_length: 'maxLength',
    min_graphemes: 'minLength',
    max_graphemes: 'maxLength',
  },
};
