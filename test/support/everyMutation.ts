import { operations } from '#infra/operations.ts';
import type { Deps } from '#lib/deps.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { add, confirm, modify, type Parties, succeeded } from '#test/bss/parties.ts';
import type { Params } from '#test/support/estate.ts';
import { requestOf, type Wire } from '#test/support/everyOperation.ts';
import { type Example, stage, type Way } from '#test/support/examples.ts';

/** Every operation of every product that writes. */
export const mutations = operations.filter(({ effect }) => effect === 'write');

export const mutationCases = mutations.map((mutation, nth) => [mutation.action, mutation, nth] as const);

/** Places in which a mutation takes parameters. */
export const places = ['query', 'form', 'JSON body'] as const;

/** An answer down to its bytes. */
export interface Bytes {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const codes = ['CHECK_FINANCE_INFO'];

/**
 * A new estate where the mutation's example, or another of its calls, succeeds. This process has read the caller's key.
 */
export async function stageMutation(mutation: Operation, way?: Way): Promise<{ estate: Parties; example: Example }> {
  const staged = await stage(mutation, way);
  await staged.estate.deps.keyring.secretOf(staged.example.by.keyId);
  return staged;
}

/** The example's request with further parameters, all in one place, under a new nonce. */
export function requestWith(
  mutation: Operation,
  { params, ...rest }: Example,
  options: Params,
  place: (typeof places)[number] = 'query',
): ReturnType<typeof requestOf> {
  const example = { ...rest, params: { ...params, ...options } };
  if (place === 'query') return requestOf(mutation, example);
  return requestOf(mutation, example, inBody(mutation, example, place));
}

function inBody(mutation: Operation, example: Example, place: 'form' | 'JSON body'): Wire {
  if (place === 'JSON body') {
    return { query: '', body: JSON.stringify(example.params), contentType: 'application/json' };
  }
  const form = requestOf(mutation, example)[0].slice('/?'.length);
  return { query: '', body: form, contentType: 'application/x-www-form-urlencoded' };
}

/** The same request with a header that its signature does not cover. */
export function withHeader(
  [path, init]: ReturnType<typeof requestOf>,
  name: string,
  value: string,
): ReturnType<typeof requestOf> {
  return [path, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), [name]: value } }];
}

/** Sends a request, to this process unless another is given. */
export async function bytesOf(
  { send }: Parties,
  [path, init]: ReturnType<typeof requestOf>,
  process?: Deps,
): Promise<Bytes> {
  const response = await send(path, init, process);
  return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
}

/** The code of a refusal, in whichever dialect; `OK` for a success. */
export function codeOf({ status, text }: Pick<Bytes, 'status' | 'text'>): string {
  if (status === 200) return 'OK';
  const body = JSON.parse(text);
  return body.Code ?? body.ResponseMetadata.Error.Code;
}

/** A relation in effect between parent and child, with a change that awaits the child. */
export async function changing(estate: Parties): Promise<number> {
  const { child, parent } = estate;
  const id = await add(estate, parent, child, { PermissionCodes: codes });
  succeeded(await confirm(estate, child, id, 'child_agree', codes));
  succeeded(await modify(estate, parent, id, 'ADD', ['MANAGE_TARGET_INVOICE']));
  return id;
}
