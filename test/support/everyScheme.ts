import type { Operation } from '#lib/pipeline/declaration.ts';
import { signVolcengine, signVolcengineQuery } from '#test/auth/signers.ts';
import { signedSigv4 } from '#test/billing/sigv4.ts';
import { type Params, queryOf } from '#test/support/estate.ts';
import { parametersOf, requestOf, signedRpc, versionOf } from '#test/support/everyOperation.ts';
import type { Example } from '#test/support/examples.ts';

/** One request, ready to be sent as often as a test likes. */
export type Bytes = readonly [path: string, init: RequestInit];

let calls = 0;

/** The same call signed in every way there is, each time as a request of its own. */
export const schemes = {
  acs3: (operation: Operation, example: Example): Bytes => requestOf(operation, example),
  rpc(operation: Operation, { by, params }: Example): Bytes {
    // The scheme's own parameter has the name, so that a call names another key otherwise.
    const { AccessKeyId: UserAccessKeyId, ...own } = params;
    return signedRpc(by, { Action: operation.action, Version: versionOf(operation), ...own, UserAccessKeyId });
  },
  volcengine(operation: Operation, { by, params }: Example): Bytes {
    const body = Buffer.from(JSON.stringify(params));
    // Times are signed to the second: without a number of its own a call would be an equal one's repetition.
    const headers = { 'x-call': String(++calls) };
    const { keyId, secret } = by;
    const signing = { keyId, secret, nowMs: Date.now(), method: 'POST', path: '/', body, headers };
    const signed = signVolcengine({ ...signing, query: namesOf(operation) });
    signed.headers.set('content-type', 'application/json');
    return [signed.url, { method: 'POST', headers: signed.headers, body }];
  },
  volcengineQuery(operation: Operation, { by, params }: Example): Bytes {
    const { action, product } = operation;
    const { keyId, secret } = by;
    const named = { Version: versionOf(operation), Call: ++calls, ...params };
    const path = `/${product.name}/${action}`;
    const signing = { keyId, secret, nowMs: Date.now(), method: 'GET', path, body: new Uint8Array(), list: false };
    const { url, headers } = signVolcengineQuery({ ...signing, params: flat(named) });
    return [url, { method: 'GET', headers }];
  },
  sigv4: (operation: Operation, { by, params }: Example): Bytes =>
    signedSigv4(by, '/', namesOf(operation), JSON.stringify({ ...params, Call: ++calls })),
} as const;

export type Scheme = keyof typeof schemes;

export const schemeNames = ['acs3', 'rpc', 'volcengine', 'volcengineQuery', 'sigv4'] as const satisfies Scheme[];

/** Whether a call can be signed so: RPC 1.0 has all names among the parameters, where an operation may have its own `Action`. */
export function isSignable(scheme: Scheme, operation: Operation): boolean {
  return scheme !== 'rpc' || !parametersOf(operation).includes('Action');
}

/** Whether the scheme sends a nonce, by which a captured request is known; else it is by its signature. */
export function hasNonce(scheme: Scheme): boolean {
  return scheme === 'acs3' || scheme === 'rpc';
}

/** The request with a header that no signature covers, or with another value of it, or without it. */
export function withUnsigned([path, init]: Bytes, name: string, value: string | undefined): Bytes {
  const headers = new Headers(init.headers);
  if (value === undefined) headers.delete(name);
  else headers.set(name, value);
  return [path, { ...init, headers }];
}

function namesOf(operation: Operation): string {
  return `Action=${operation.action}&Version=${versionOf(operation)}`;
}

function flat(params: Params): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(queryOf(params)));
}
