import * as v from 'valibot';
import type { Operation } from '#lib/pipeline/declaration.ts';

/** A parameter that an operation takes. */
export interface AcceptedParameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly description: string | undefined;
  /** The values it may have; empty when they are too many to tell. */
  readonly values: readonly string[];
}

/** What valibot keeps in a schema of any kind, as far as it is read here. */
interface Inside extends v.GenericSchema {
  readonly entries?: Readonly<Record<string, Inside>>;
  readonly wrapped?: Inside;
  readonly item?: Inside;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
}

const clientToken = option('ClientToken', 'A token of your own: a call repeated with it gets its first answer again.');
const dryRun = option('DryRun', 'Runs every check and writes nothing.', ['true', 'false']);
const format = option('Format', 'The form of the answer.', ['JSON', 'XML']);

/** The parameters an operation takes: those it declares, in its order, then what every operation of its kind takes. */
export function acceptedParameters({ effect, input, product }: Operation): AcceptedParameter[] {
  return [
    ...declaredIn(input),
    ...(effect === 'write' ? [clientToken, dryRun] : []),
    ...(product.dialect.vendor === 'alibaba' ? [format] : []),
  ];
}

function option(name: string, description: string, values: readonly string[] = []): AcceptedParameter {
  return { name, isRequired: false, isList: false, description, values };
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

/** Valibot's generic type leaves out what a schema of a known kind holds; all of it is optional here and read with care. */
function insideOf(schema: v.GenericSchema): Inside {
  return schema as Inside;
}

function unwrapped(schema: Inside): Inside {
  return schema.wrapped === undefined ? schema : unwrapped(schema.wrapped);
}

function valuesOf(schema: Inside | undefined): string[] {
  if (schema?.type === 'literal') return [String(schema.literal)];
  return schema?.type === 'picklist' ? (schema.options ?? []).map(String) : [];
}
