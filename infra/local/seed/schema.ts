import * as v from 'valibot';
import { seedForm } from '#infra/local/seed/form.ts';
import type { JsonSchema, Leaf } from '#infra/local/seed/leaf.ts';

/** The fields that valibot keeps in a schema of the form, as far as they are read here. */
interface Inside extends v.GenericSchema {
  readonly entries?: Readonly<Record<string, Inside>>;
  readonly wrapped?: Inside;
  readonly item?: Inside;
  readonly default?: unknown;
  readonly getter?: () => Inside;
}

/** The form at some place: a leaf, or the names that may stand there. */
export interface FormPart {
  readonly leaf: Leaf | undefined;
  readonly names: readonly string[];
}

/** What the form has at the place where `steps` lead to, or at the last leaf on the way. */
export function formAt(steps: readonly unknown[]): FormPart {
  let schema = bare(insideOf(seedForm));
  for (const step of steps) {
    if (leafOf(schema)) break;
    const next = schema.item ?? schema.entries?.[String(step)];
    if (next === undefined) break;
    schema = bare(next);
  }
  return { leaf: leafOf(schema), names: Object.keys(schema.entries ?? {}) };
}

/** The form as a JSON Schema, for editors. */
export function seedSchema(): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  const json = jsonOf(insideOf(seedForm), definitions);
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'A seed of Tributary', ...json, definitions };
}

/** Draft 7, which editors read best: it has definitions. Only folders stand in themselves. */
function jsonOf(schema: Inside, definitions: Record<string, JsonSchema>): JsonSchema {
  if (schema.wrapped) {
    const { default: value } = schema;
    return { ...jsonOf(schema.wrapped, definitions), ...(value !== undefined && { default: value }) };
  }
  const { entries, getter, item } = schema;
  if (getter) {
    if (definitions['folder'] === undefined) {
      definitions['folder'] = {};
      definitions['folder'] = jsonOf(getter(), definitions);
    }
    return { $ref: '#/definitions/folder' };
  }
  if (item) return { type: 'array', items: jsonOf(item, definitions) };
  if (entries) {
    const properties = Object.entries(entries).map(([name, field]) => [name, jsonOf(field, definitions)]);
    const required = Object.entries(entries).flatMap(([name, field]) => (field.wrapped ? [] : [name]));
    return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties), required };
  }
  const { description, json } = leafOf(schema) ?? {};
  return { description, ...json };
}

function bare(schema: Inside): Inside {
  const inner = schema.wrapped ?? schema.getter?.();
  return inner === undefined ? schema : bare(inner);
}

function leafOf(schema: Inside): Leaf | undefined {
  const own = v.getMetadata(schema);
  return 'rule' in own ? asLeaf(own) : undefined;
}

/** Only leaves have a rule, and with it all that a leaf has. */
function asLeaf(metadata: object): Leaf {
  return metadata as Leaf;
}

/** Valibot's generic type hides the fields of concrete schemas. All of them are optional here. */
function insideOf(schema: v.GenericSchema): Inside {
  return schema as Inside;
}
