import { type AcceptedParameter, clientToken, dryRun, format } from '#infra/acceptedParameters.ts';
import { type JsonSchema, jsonSchemaOf } from '#infra/jsonSchema.ts';
import { commonComponents, exampleOf, responsesOf } from '#infra/openApiResponses.ts';
import { jsonLines, type RecordedExample, type RecordedExamples } from '#infra/recordedExamples.ts';
import { callers, versionNotes } from '#infra/reference.ts';
import { securitySchemes } from '#infra/securitySchemes.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { productVersions, versionsOf } from '#lib/pipeline/route.ts';
import type { Product } from '#lib/products/product.ts';

const description = `Each operation has a path of its own, \`/<product>/<Action>\`, and these paths are what this document describes. The vendors' clients \
call the same operations at \`/\`, with the names in \`Action\` and \`Version\`. OpenAPI tells operations apart by path and method, so \
that door, one path for all of them, cannot be written down in it: to call there, take the action from the path, and leave the rest as it is.

Parameters are described as a JSON body, the one form that has lists and objects as they are. They are also taken from the query, of a GET \
too, and from a form, written as the vendor's clients write them: Alibaba Cloud's have \`Name.1\`, \`Name.2\` for a list. An integer may be sent as text, \
a text of digits as a number; integers are below 2^53, and texts are without control characters. Parameters that are not named are ignored.

Every request is signed, in any of the ways named here. A refusal has a code and a message as its vendor's, and a \`Reason\`, the one thing \
that stood in the way. Every example is a call that was made, with its answer.`;

/** The OpenAPI documents by path from the top, one for each product, with what its operations were seen to answer. */
export function openApiDocuments(
  operations: readonly Operation[],
  recorded: RecordedExamples,
): Readonly<Record<string, string>> {
  const products = [...new Set(operations.map(({ product }) => product))];
  return Object.fromEntries(
    products.map((product) => {
      const own = operations.filter((operation) => operation.product === product);
      return [`docs/openapi/${product.name}.json`, `${jsonLines(openApiOf(product, own, recorded))}\n`];
    }),
  );
}

function openApiOf(product: Product, operations: readonly Operation[], recorded: RecordedExamples): object {
  const { name } = product;
  const versions = productVersions(product).join(', ');
  const paths = operations.map((operation) => {
    const key = `${name}/${operation.action}`;
    return [`/${key}`, { post: operationObject(operation, recorded[key]) }];
  });
  return {
    openapi: '3.1.0',
    info: {
      title: `Tributary: ${name}`,
      version: versions,
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:4600', description: 'The emulator, as `npm start` serves it.' }],
    tags: [{ name, description: versions }],
    security: Object.keys(securitySchemes).map((scheme) => ({ [scheme]: [] })),
    paths: Object.fromEntries(paths),
    components: { ...commonComponents(product), securitySchemes },
  };
}

function operationObject(operation: Operation, recorded: RecordedExample | undefined): object {
  const { access, action, product } = operation;
  const own = versionsOf(operation);
  const schema = requestSchema(operation);
  const { properties, required } = schema;
  return {
    tags: [product.name],
    operationId: `${product.name}.${action}`,
    summary: action,
    description: [`Called by ${callers[access]}.`, ...versionNotes(operation)].join(' '),
    parameters: [
      { name: 'Version', in: 'query', description: versionNote, schema: { enum: own, default: own[0] } },
      ...(product.dialect.vendor === 'alibaba'
        ? [{ name: format.name, in: 'query', description: format.description, schema: { enum: format.values } }]
        : []),
    ],
    requestBody: {
      required: required !== undefined,
      content: { 'application/json': { schema, ...exampleOf(recorded, 'request') } },
    },
    responses: responsesOf(operation, recorded),
    // All names of RPC 1.0 are among the parameters, where such an operation has its own.
    ...(Object.hasOwn(Object(properties), 'Action') && { security: schemesBut('rpc') }),
  };
}

const versionNote =
  'The version of the product. A request signed with ACS3 names it in the header `x-acs-version` instead.';

function schemesBut(left: string): object[] {
  return Object.keys(securitySchemes).flatMap((scheme) => (scheme === left ? [] : [{ [scheme]: [] }]));
}

/** What an operation takes, and what all take that write. A parameter says in which versions it is, where it is not in all. */
function requestSchema({ effect, input, versions = {} }: Operation): JsonSchema {
  const { properties, ...rest } = jsonSchemaOf(input);
  const own = Object.entries(Object(properties)).map(([name, field]) => {
    const within = Object.keys(versions).filter((version) => versions[version]?.parameters?.includes(name));
    return [name, within.length === 0 ? field : { ...Object(field), 'x-versions': within }];
  });
  const options = effect === 'write' ? { ClientToken: bodyOption(clientToken), DryRun: bodyOption(dryRun) } : {};
  return { ...rest, properties: { ...Object.fromEntries(own), ...options } };
}

function bodyOption({ description, values }: AcceptedParameter): JsonSchema {
  return { type: values.length === 0 ? 'string' : 'boolean', description };
}
