import * as v from 'valibot';
import { type Inside, insideOf, unwrapped } from '#infra/schemaShape.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';

/** A parameter that an operation takes. */
export interface AcceptedParameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly description: string | undefined;
  /** Its allowed values; empty when there are too many to list. */
  readonly values: readonly string[];
}

export const clientToken = option(
  'ClientToken',
  'A token of your own: a call repeated with it gets its first answer again. Goes before the header Idempotency-Key.',
);
export const dryRun = option('DryRun', 'Runs every check and writes nothing.', ['true', 'false']);
export const format = option('Format', 'The form of the answer.', ['JSON', 'XML']);

/** The parameters of an operation: its own, in its order, then those of every operation of its kind. */
export function acceptedParameters({ effect, emptiable = [], input, product }: Operation): AcceptedParameter[] {
  return [
    ...declaredIn(input).map((one) => (emptiable.includes(one.name) ? clearable(one) : one)),
    ...(effect === 'write' ? [clientToken, dryRun] : []),
    ...(product.dialect.vendor === 'alibaba' ? [format] : []),
  ];
}

function option(name: string, description: string, values: readonly string[] = []): AcceptedParameter {
  return { name, isRequired: false, isList: false, description, values };
}

function clearable({ description = '', ...parameter }: AcceptedParameter): AcceptedParameter {
  return { ...parameter, description: `${description} An empty one clears it.`.trim() };
}

function declaredIn(input: v.GenericSchema): AcceptedParameter[] {
  return Object.entries(insideOf(input).entries ?? {}).map(([name, field]) => {
    const bare = unwrapped(field);
    const isList = bare.type === 'array';
    return {
      name,
      isRequired: field.type !== 'optional',
      isList,
      description: v.getDescription(field) ?? v.getDescription(bare),
      values: valuesOf(isList ? bare.item : bare),
    };
  });
}

function valuesOf(schema: Inside | undefined): string[] {
  if (schema?.type === 'literal') return [String(schema.literal)];
  return schema?.type === 'picklist' ? (schema.options ?? []).map(String) : [];
}
