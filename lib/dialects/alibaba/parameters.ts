import { headerOf, type Received } from '#lib/auth/received.ts';
import type { Parameter, Parameters } from '#lib/dialects/dialect.ts';
import { jsonObject } from '#lib/dialects/json.ts';
import { Refusal } from '#lib/errors.ts';

type Scalar = string | number | boolean;
type Node = Scalar | Map<string, Node>;

/** What a request signed the RPC 1.0 way carries for itself; an operation's own parameters may be called the same (docs/vendors/wire.md 4.1). */
const rpcParameters: ReadonlySet<string> = new Set([
  'AccessKeyId',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureVersion',
  'Timestamp',
]);

const MAX_DEPTH = 8;
const index = /^\d{1,9}$/;

/**
 * The parameters of query, form body and JSON body as one set (docs/vendors/wire.md 2 and 3.1). `Name.N` is a list in the numeric order of
 * N, gaps closed; `Name.N.Field` a list of objects. A name given twice, in one place or two, is refused with `ParameterRepeated`.
 */
export function alibabaParameters(request: Received): Parameters {
  const root = new Map<string, Node>();
  const sent = [...queryOf(request), ...bodyOf(request)];
  const isRpc = sent.some(([name]) => name === 'SignatureVersion');
  for (const [name, value] of sent) if (!(isRpc && rpcParameters.has(name))) place(root, name, value);
  const parameters: Record<string, Parameter> = Object.create(null);
  for (const [name, node] of root) if (node !== '') parameters[name] = parameterOf(node);
  return parameters;
}

function queryOf({ queryPairs }: Received): Iterable<readonly [string, Scalar]> {
  if (queryPairs === undefined) throw new Refusal('QueryUnreadable', {});
  return queryPairs;
}

function bodyOf(request: Received): Iterable<readonly [string, Scalar]> {
  const { body, formPairs, isForm } = request;
  if (body.length === 0) return [];
  if (!isForm) return flattened(jsonObject(body, headerOf(request, 'content-type')), '', 0);
  if (formPairs === undefined) throw new Refusal('BodyUnreadable', { mediaType: 'form' });
  return formPairs;
}

function* flattened(value: unknown, name: string, depth: number): Generator<readonly [string, Scalar]> {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') yield [name, value];
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH)
    throw new Refusal('ParameterInvalid', { parameter: name.slice(0, name.indexOf('.')), fault: 'type' });
  // An empty list is sent like one whose only element is empty; nothing else says that it is there.
  if (Array.isArray(value) && value.length === 0) yield [`${name}.1`, ''];
  const first = Array.isArray(value) ? 1 : undefined;
  for (const [key, member] of Object.entries(value)) {
    const part = first === undefined ? key : String(Number(key) + first);
    yield* flattened(member, name === '' ? part : `${name}.${part}`, depth + 1);
  }
}

function place(root: Map<string, Node>, name: string, value: Scalar): void {
  const path = name.split('.');
  const last = path.pop() ?? '';
  const parameter = path[0] ?? last;
  if (path.length > MAX_DEPTH) throw new Refusal('ParameterInvalid', { parameter, fault: 'type' });
  let node = root;
  for (const part of path) {
    const inner = node.get(part) ?? new Map<string, Node>();
    if (!(inner instanceof Map)) throw new Refusal('ParameterInvalid', { parameter, fault: 'type' });
    node.set(part, inner);
    node = inner;
  }
  if (node.has(last)) throw new Refusal('ParameterRepeated', { parameter: name });
  node.set(last, value);
}

function parameterOf(node: Node): Parameter {
  if (!(node instanceof Map)) return node;
  if ([...node.keys()].every((key) => index.test(key))) {
    const members = [...node].sort(([one], [other]) => Number(one) - Number(other));
    return members.filter(([, member]) => member !== '').map(([, member]) => parameterOf(member));
  }
  const fields: Record<string, Parameter> = Object.create(null);
  for (const [name, field] of node) fields[name] = parameterOf(field);
  return fields;
}
