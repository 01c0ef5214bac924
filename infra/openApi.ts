import { type AcceptedParameter, clientToken, dryRun, format } from '#infra/acceptedParameters.ts';
import { codeSchema, refusalSchema, successSchema } from '#infra/envelopes.ts';
import { type JsonSchema, jsonSchemaOf } from '#infra/jsonSchema.ts';
import { jsonLines, type RecordedExample, type RecordedExamples } from '#infra/recordedExamples.ts';
import { callers, versionNotes } from '#infra/reference.ts';
import { commonAnswer, type Refused, refusalsOf } from '#infra/refusals.ts';
import { securitySchemes } from '#infra/securitySchemes.ts';
import { commonReasons, type Reason } from '#lib/errors.ts';
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
    components: { schemas: commonSchemas(product), responses: commonResponses(product), securitySchemes },
  };
}

function operationObject(operation: Operation, recorded: RecordedExample | undefined): object {
  const { access, action, product } = operation;
  const own = versionsOf(operation);
  const { properties } = requestSchema(operation);
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
      content: { 'application/json': { schema: requestSchema(operation), ...shown('answered', recorded?.request) } },
    },
    responses: {
      200: {
        description: 'Done.',
        content: contentOf(product, successSchema(operation), shown('answered', recorded?.answer)),
      },
      ...refusalResponses(operation, recorded?.refusal),
    },
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

function shown(name: string, value: object | undefined, summary?: string): JsonSchema {
  return value === undefined ? {} : { examples: { [name]: { ...(summary !== undefined && { summary }), value } } };
}

function contentOf({ dialect }: Product, schema: JsonSchema, examples: JsonSchema = {}): object {
  return { 'application/json': { schema, ...examples }, ...(dialect.vendor === 'alibaba' && { 'text/xml': {} }) };
}

/** Its refusals by HTTP status: those that are its own, or in its own words, with the product's common ones. */
function refusalResponses(operation: Operation, recorded: RecordedExample['refusal'] | undefined): object {
  const { product } = operation;
  const common = byStatus(commonRefusals(product));
  const own = byStatus([...refusalsOf(operation), ...refusalsOf(operation, reworded(operation))]);
  const statuses = new Set([...common.keys(), ...own.keys()]);
  const responses = [...statuses].toSorted().map((status) => {
    const codes = (own.get(status) ?? []).map((refused) => codeOf(refused, versionsOf(operation).length));
    const isShown = recorded?.status === status;
    if (codes.length === 0 && !isShown) return [status, { $ref: `#/components/responses/${product.name}.${status}` }];
    const others = common.has(status) ? [{ $ref: `#/components/schemas/${product.name}.Codes${status}` }] : [];
    const example = isShown ? shown(recorded.reason, recorded.answer, recorded.call) : {};
    return [status, refusalResponse(product, { anyOf: [...codes, ...others] }, example)];
  });
  return { ...Object.fromEntries(responses), default: { $ref: `#/components/responses/${product.name}.default` } };
}

/** The common reasons that an operation refuses for in words of its own. */
function reworded({ catalogue = {}, versions = {} }: Operation): Reason[] {
  const own = [catalogue, ...Object.values(versions).map((terms) => terms?.catalogue ?? {})];
  return commonReasons.filter((reason) => own.some((words) => Object.hasOwn(words, reason)));
}

function commonRefusals(product: Product): Refused[] {
  return commonReasons.map((reason) => ({
    answer: commonAnswer(product, reason),
    reasons: new Map([[reason, new Set(productVersions(product))]]),
  }));
}

function byStatus(refusals: readonly Refused[]): ReadonlyMap<number, readonly Refused[]> {
  const statuses = [...new Set(refusals.map(({ answer }) => answer.status))].toSorted();
  return new Map(statuses.map((status) => [status, refusals.filter(({ answer }) => answer.status === status)]));
}

/** A code with the reasons it stands for and its message. A reason names the versions where its answer is not that of all. */
function codeOf({ answer, reasons }: Refused, versions: number): JsonSchema {
  const title = [...reasons].map(([reason, those]) =>
    those.size === versions ? reason : `${reason} (${[...those].join(', ')})`,
  );
  return { const: answer.code, title: title.join(', '), description: answer.message };
}

function refusalResponse(product: Product, code: JsonSchema, examples?: JsonSchema): object {
  const schema = { allOf: [{ $ref: `#/components/schemas/${product.name}.Refusal` }, codeSchema(product, code)] };
  return {
    description: 'Refused for one reason, which `Reason` names.',
    content: contentOf(product, schema, examples),
  };
}

const signatureStatuses: ReadonlySet<number> = new Set([400, 403, 404]);
const signatureCode = { type: 'string', description: 'A signature that is refused has the codes of its scheme.' };

function commonSchemas(product: Product): object {
  const codes = [...byStatus(commonRefusals(product))].map(([status, refusals]) => {
    const known = refusals.map((refused) => codeOf(refused, productVersions(product).length));
    return [
      `${product.name}.Codes${status}`,
      { anyOf: [...known, ...(signatureStatuses.has(status) ? [signatureCode] : [])] },
    ];
  });
  return { [`${product.name}.Refusal`]: refusalSchema(product), ...Object.fromEntries(codes) };
}

function commonResponses(product: Product): object {
  const statuses = [...byStatus(commonRefusals(product)).keys()];
  const responses = statuses.map((status) => {
    const code = { $ref: `#/components/schemas/${product.name}.Codes${status}` };
    return [`${product.name}.${status}`, refusalResponse(product, code)];
  });
  const others = { ...refusalResponse(product, {}), description: 'Refused otherwise, such as for its signature.' };
  return { ...Object.fromEntries(responses), [`${product.name}.default`]: others };
}
