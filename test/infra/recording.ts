import { createHash } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { jsonSchemaOf } from '#infra/jsonSchema.ts';
import type { RecordedExample } from '#infra/recordedExamples.ts';
import { ID_EPOCH_MS, ID_STEPS_PER_MS } from '#lib/domain/relation/relation.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import type { Ids } from '#lib/ports.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import type { Answer, Params, Signer } from '#test/support/estate.ts';
import { requestOf } from '#test/support/everyOperation.ts';
import { type Example, waysOf } from '#test/support/examples.ts';

/** Makes an operation's example call, and one that is refused, on an estate where everything that is drawn is drawn alike each time. */
export async function recordedOf(operation: Operation): Promise<RecordedExample> {
  const estate = await newParties({ ids: countedIds(), random: () => 0.5 });
  const way = await waysOf(operation)[0](estate);
  const example = { ...way, params: inOwnForm(way.params, operation) };
  const { params, version } = example;
  const { body, status } = await answerTo(estate, operation, example);
  if (status !== 200) throw new Error(`${operation.action} answered ${status}`);
  return {
    ...(version !== undefined && { version }),
    request: nested(params),
    answer: withoutTokens(body),
    refusal: await refusalOf(estate, operation, example),
  };
}

/** The first call that is refused for a reason of the operation's own, else the first that is refused at all. */
async function refusalOf(estate: Parties, operation: Operation, example: Example): Promise<RecordedExample['refusal']> {
  const refused: RecordedExample['refusal'][] = [];
  for (const [call, other] of otherCalls(estate, operation, example)) {
    const { body, status } = await answerTo(estate, operation, other);
    if (status === 200) continue;
    const reason = body.Reason ?? body.ResponseMetadata.Error.Reason;
    const refusal = { call, status, reason, answer: body };
    if (operation.errors.includes(reason)) return refusal;
    refused.push(refusal);
  }
  const [first] = refused;
  if (first === undefined) throw new Error(`${operation.action} refuses none of these calls`);
  return first;
}

/** Calls of which some are refused, the most telling first. */
function otherCalls(
  estate: Parties,
  { access, effect, input }: Operation,
  example: Example,
): (readonly [call: string, Example])[] {
  const { operator, parent, stranger } = estate;
  const { params } = example;
  const required: readonly string[] = Object(jsonSchemaOf(input)['required'] ?? []);
  const by = (signer: Signer): Example => ({ ...example, by: signer });
  return [
    ...(effect === 'write' ? [['The same once more.', example] as const] : []),
    ...(access === 'operator' ? [] : [['The same by an account that has no part in it.', by(stranger)] as const]),
    ['The same of an account that there is not.', { ...example, params: ofNobody(params, estate) }],
    ...required.map((name) => [`The same without ${name}.`, { ...example, params: without(params, name) }] as const),
    access === 'operator' ? ['The same by an account.', by(parent)] : ['The same by an operator.', by(operator)],
  ];
}

function ofNobody(params: Params, { child, parent, sibling, stranger }: Parties): Params {
  const uids = new Set([child, parent, sibling, stranger].map(({ uid }) => String(uid)));
  const other = (value: Params[string]) => (uids.has(String(value)) ? '1999999999999999' : value);
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, other(value)]));
}

function without(params: Params, name: string): Params {
  return Object.fromEntries(Object.entries(params).filter(([key]) => key !== name && !key.startsWith(`${name}.`)));
}

/** The answer to a call at the operation's own path, with its parameters in a JSON body. */
async function answerTo(estate: Parties, operation: Operation, example: Example): Promise<Answer> {
  const path = `/${operation.product.name}/${operation.action}`;
  const body = JSON.stringify(nested(example.params));
  const request = requestOf(operation, example, { path, query: '', body, contentType: 'application/json' });
  const response = await estate.send(...request);
  return { status: response.status, body: await response.json() };
}

/** Parameters with each number as text that is a text by its schema: either is taken, and the documents show one. */
function inOwnForm(params: Params, { input }: Operation): Params {
  const fields = Object(jsonSchemaOf(input)['properties']);
  const isText = (name: string) => Object(fields[name]).type === 'string';
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'number' && isText(name) ? String(value) : value,
    ]),
  );
}

/** Parameters in JSON's form: what is called `Name.1.Field` in a query is in an object in a list. */
function nested(params: Params): object {
  const root = {};
  for (const [name, value] of Object.entries(params)) {
    const path = name.split('.');
    const parts = path.map((part) => (/^\d+$/.test(part) ? Number(part) - 1 : part));
    let node: object = root;
    for (const [nth, part] of parts.slice(0, -1).entries()) {
      const inner = Reflect.get(node, part) ?? (typeof parts[nth + 1] === 'number' ? [] : {});
      Reflect.set(node, part, inner);
      node = inner;
    }
    if (value !== undefined) Reflect.set(node, parts.at(-1) ?? name, value);
  }
  return root;
}

/** A page token is sealed anew each time. */
function withoutTokens(answer: object): object {
  return JSON.parse(JSON.stringify(answer, (name, value) => (name === 'NextToken' ? '<sealed>' : value)));
}

/** Ids that look as those in production do and are the same in every run. */
function countedIds(): Ids {
  let drawn = 0;
  const digest = () => createHash('sha256').update(String(++drawn)).digest('hex');
  return {
    next: (nowMs) => (nowMs - ID_EPOCH_MS) * ID_STEPS_PER_MS + ++drawn,
    eventId: monotonicFactory(() => 0.5),
    uid: () => 1_000_000_000_000_000 + ++drawn,
    uuid: () => digest().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    alphanumeric: (length) => digest().slice(0, length),
    accessKeyId: () => `TRIB${digest().slice(0, 20).toUpperCase()}`,
  };
}
