import { type JsonSchema, jsonSchemaOf } from '#infra/jsonSchema.ts';
import { receiveRaw } from '#lib/auth/received.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import type { Product } from '#lib/products/product.ts';

/** What an operation's success looks like: its output, in the envelope of its product and vendor. */
export function successSchema(operation: Operation): JsonSchema {
  const { action, envelope, output, product } = operation;
  const body = envelope({ [MARK]: true }, { requestId: MARK, parameters: {} });
  return bodySchema(sent(product.dialect.success(body, addressed(product, action))), jsonSchemaOf(output));
}

/** What every refusal of a product looks like. A refused signature has no reason of ours. */
export function refusalSchema(product: Product): JsonSchema {
  return withoutReason(bodySchema(refusalOf(product), {}));
}

/** Where in a refusal its code stands: a schema that says of the code what is given, and nothing of the rest. */
export function codeSchema(product: Product, code: JsonSchema): JsonSchema {
  return pathTo(refusalOf(product), code) ?? {};
}

/** Stands where the output and the code are, to find their places in what a dialect writes around them. */
const MARK = '<mark>';

function refusalOf(product: Product): unknown {
  const failure = { status: 400, code: MARK, message: '', number: 0, reason: 'Reason' };
  return sent(product.dialect.failure(failure, addressed(product, 'Action')));
}

function addressed({ version }: Product, action: string) {
  const request = receiveRaw({ method: 'POST', url: '/', headers: new Headers(), body: new Uint8Array() });
  return { request, requestId: '', action, version, region: undefined, defaultFormat: 'json' as const };
}

function sent({ body }: { readonly body: string }): unknown {
  return JSON.parse(body);
}

/** A body's own shape, with the fields of the output where they are marked. */
function bodySchema(value: unknown, output: JsonSchema): JsonSchema {
  if (typeof value !== 'object' || value === null) return { type: typeof value };
  const { [MARK]: marked, ...own } = Object(value);
  const names = Object.keys(own);
  const within = marked === undefined ? {} : output;
  const listed = within['required'];
  const required = [...names, ...(Array.isArray(listed) ? listed : [])];
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(names.map((name) => [name, bodySchema(own[name], output)])),
      ...Object(within['properties']),
    },
    ...(required.length > 0 && { required }),
  };
}

function pathTo(value: unknown, schema: JsonSchema): JsonSchema | undefined {
  if (value === MARK) return schema;
  for (const [name, member] of typeof value === 'object' ? Object.entries(Object(value)) : []) {
    const found = pathTo(member, schema);
    if (found !== undefined) return { properties: { [name]: found } };
  }
  return undefined;
}

function withoutReason(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(Object(schema['properties'])).map(
    ([name, member]) => [name, withoutReason(Object(member))] as const,
  );
  const required = schema['required'];
  return {
    ...schema,
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(Array.isArray(required) && { required: required.filter((name) => name !== 'Reason') }),
  };
}
