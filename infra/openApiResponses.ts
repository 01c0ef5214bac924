import { codeSchema, refusalSchema, successSchema } from '#infra/envelopes.ts';
import type { JsonSchema } from '#infra/jsonSchema.ts';
import type { RecordedExample } from '#infra/recordedExamples.ts';
import { commonAnswer, type Refused, reasonsOf, refusalsOf } from '#infra/refusals.ts';
import { commonReasons, type Reason } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { productVersions, versionsOf } from '#lib/pipeline/route.ts';
import type { Product } from '#lib/products/product.ts';

/** What an operation answers, by HTTP status. */
export function responsesOf(operation: Operation, recorded: RecordedExample | undefined): object {
  const success = contentOf(operation.product, successSchema(operation), exampleOf(recorded, 'answer'));
  return { 200: { description: 'Done.', content: success }, ...refusalResponses(operation, recorded?.refusal) };
}

/** What the operations of a product have in common: how refusals look, and those that are of any operation. */
export function commonComponents(product: Product): { readonly schemas: object; readonly responses: object } {
  return { schemas: schemasOf(product), responses: refusalsInCommon(product) };
}

/** The call that succeeded: what was sent, or what it answered. */
export function exampleOf(recorded: RecordedExample | undefined, part: 'request' | 'answer'): JsonSchema {
  if (recorded === undefined) return {};
  return shown('answered', recorded[part], recorded.version && `In ${recorded.version}.`);
}

function shown(name: string, value: object, summary: string | undefined): JsonSchema {
  return { examples: { [name]: { ...(summary !== undefined && { summary }), value } } };
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

/** A code with the reasons it stands for and its message. */
function codeOf(refused: Refused, versions: number): JsonSchema {
  const { code, message } = refused.answer;
  return { const: code, title: reasonsOf(refused, versions), description: message };
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

function schemasOf(product: Product): object {
  const codes = [...byStatus(commonRefusals(product))].map(([status, refusals]) => {
    const known = refusals.map((refused) => codeOf(refused, productVersions(product).length));
    return [
      `${product.name}.Codes${status}`,
      { anyOf: [...known, ...(signatureStatuses.has(status) ? [signatureCode] : [])] },
    ];
  });
  return { [`${product.name}.Refusal`]: refusalSchema(product), ...Object.fromEntries(codes) };
}

function refusalsInCommon(product: Product): object {
  const statuses = [...byStatus(commonRefusals(product)).keys()];
  const responses = statuses.map((status) => {
    const code = { $ref: `#/components/schemas/${product.name}.Codes${status}` };
    return [`${product.name}.${status}`, refusalResponse(product, code)];
  });
  const others = { ...refusalResponse(product, {}), description: 'Refused otherwise, such as for its signature.' };
  return { ...Object.fromEntries(responses), [`${product.name}.default`]: others };
}
