import type { Pair } from '#lib/auth/encoding.ts';
import type { Readable } from '#lib/auth/received.ts';
import type { Parameter, Parameters } from '#lib/dialects/dialect.ts';
import { jsonObject } from '#lib/dialects/json.ts';
import { Refusal } from '#lib/errors.ts';

type Scalar = string | number | boolean;
type Branch = Map<string, Scalar | Branch>;

/**
 * Parameters that belong to RPC 1.0 itself. An operation may have parameters of the same names (docs/vendors/wire.md
 * 4.1).
 */
const rpcParameters: ReadonlySet<string> = new Set([
  'AccessKeyId',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureVersion',
  'Timestamp',
]);

const MAX_DEPTH = 8;
/** How many characters of a refused name the answer repeats. */
const MAX_SHOWN = 128;
const index = /^\d{1,9}$/;

/**
 * The parameters of query, form body and JSON body as one set (docs/vendors/wire.md 2 and 3.1). `Name.N` is a list in
 * the numeric order of N, without gaps; `Name.N.Field` is a list of objects. A name that is given twice, in one place
 * or two, is refused with `ParameterRepeated`. An empty text counts as not sent, but for those parameters where it says something.
 */
export function alibabaParameters(request: Readable, emptiable: readonly string[] = []): Parameters {
  const root: Branch = new Map();
  placePairs(root, request.queryPairs, request);
  placeBody(root, request);
  const parameters: Record<string, Parameter> = Object.create(null);
  for (const [name, node] of root) if (node !== '' || emptiable.includes(name)) parameters[name] = parameterOf(node);
  return parameters;
}

function placeBody(root: Branch, request: Readable): void {
  const { content, formPairs, method } = request;
  // A body of GET may be signed, but no parameters are read from it.
  if (content === 'none' || method === 'GET') return;
  if (content === 'form') placePairs(root, formPairs, request);
  else placeMembers(root, jsonObject(request), []);
}

function placePairs(root: Branch, pairs: readonly Pair[], { scheme }: Readable): void {
  for (const [name, value] of pairs) {
    if (scheme !== 'rpc' || !rpcParameters.has(name)) place(root, name.split('.'), value);
  }
}

/** Reads a JSON object or list as if each value had been sent under its flattened name. */
function placeMembers(root: Branch, value: object, path: readonly string[]): void {
  // The flattened form of an empty list is one empty element.
  if (Array.isArray(value) && value.length === 0) place(root, [...path, '1'], '');
  const first = Array.isArray(value) ? 1 : undefined;
  for (const [key, member] of Object.entries(value)) {
    const inner = [...path, ...(first === undefined ? key.split('.') : [String(Number(key) + first)])];
    if (isScalar(member)) place(root, inner, member);
    else if (typeof member === 'object' && member !== null) {
      if (inner.length > MAX_DEPTH) throw invalid(inner);
      placeMembers(root, member, inner);
    }
  }
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function place(root: Branch, path: readonly string[], value: Scalar): void {
  const last = path.at(-1) ?? '';
  if (path.length > MAX_DEPTH + 1) throw invalid(path);
  let node = root;
  for (const part of path.slice(0, -1)) {
    const inner = node.get(part) ?? new Map();
    if (!(inner instanceof Map)) throw invalid(path);
    node.set(part, inner);
    node = inner;
  }
  if (node.has(last)) throw new Refusal('ParameterRepeated', { parameter: path.join('.').slice(0, MAX_SHOWN) });
  node.set(last, value);
}

function invalid([parameter = '']: readonly string[]): Refusal {
  return new Refusal('ParameterInvalid', { parameter: parameter.slice(0, MAX_SHOWN), fault: 'type' });
}

function parameterOf(node: Scalar | Branch): Parameter {
  if (!(node instanceof Map)) return node;
  if ([...node.keys()].every((key) => index.test(key))) {
    const members = [...node].sort(([one], [other]) => Number(one) - Number(other));
    return members.filter(([, member]) => member !== '').map(([, member]) => parameterOf(member));
  }
  const fields: Record<string, Parameter> = Object.create(null);
  for (const [name, field] of node) fields[name] = parameterOf(field);
  return fields;
}
