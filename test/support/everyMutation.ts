import { operations } from '#infra/operations.ts';
import type { Deps } from '#lib/deps.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { add, confirm, modify, newParties, type Parties, succeeded, WAIT_MS } from '#test/bss/parties.ts';
import type { Params } from '#test/support/estate.ts';
import { type Example, examples, requestOf, type Wire } from '#test/support/everyOperation.ts';

/** Every operation of every product that writes. */
export const mutations = operations.filter(({ effect }) => effect === 'write');

export const mutationCases = mutations.map((mutation) => [mutation.action, mutation] as const);

/** The places where a mutation takes parameters from. */
export const places = ['query', 'form', 'JSON body'] as const;

/** An answer down to its bytes. */
export interface Bytes {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const codes = ['CHECK_FINANCE_INFO'];

async function invited(estate: Parties): Promise<{ readonly RelationID: string }> {
  const id = await add(estate, estate.parent, estate.child, { PermissionCodes: codes });
  return { RelationID: `rel${id}` };
}

/** By the name of the operation: examples of the products that take a relation's id as text. */
const billingExamples: Readonly<Record<string, (estate: Parties) => Promise<Example>>> = {
  CancelInvitation: async (estate) => ({
    by: estate.parent,
    params: { InvitationType: 1, ...(await invited(estate)), SubAccountID: estate.child.uid, Relation: 4 },
  }),
  CleanUpFinancialRelation: async (estate) => {
    const relation = await invited(estate);
    estate.advance(WAIT_MS);
    return { by: estate.parent, params: { ...relation, SubAccountID: estate.child.uid, Relation: 4 } };
  },
  CreateFinancialRelation: async ({ child, parent }) => ({
    by: parent,
    params: { SubAccountID: child.uid, Relation: 4, AuthListStr: '2,4', AccountAlias: 'dept' },
  }),
  DeleteFinancialRelation: async (estate) => {
    const RelationID = `rel${await add(estate, estate.parent, estate.sibling, { PermissionCodes: codes })}`;
    return { by: estate.parent, params: { RelationID, SubAccountID: estate.sibling.uid, Relation: 4 } };
  },
  HandleInvitation: async (estate) => ({
    by: estate.child,
    params: {
      InvitationType: 1,
      Action: 2,
      ...(await invited(estate)),
      MajorAccountID: estate.parent.uid,
      Relation: 4,
    },
  }),
  UpdateAuth: async (estate) => {
    const RelationID = `rel${await add(estate, estate.parent, estate.sibling, { PermissionCodes: codes })}`;
    return { by: estate.parent, params: { RelationID, AuthListStr: '1,2' } };
  },
};

/** A fresh estate where the example of the mutation succeeds, all of whose keys this process has used. */
export async function stageMutation({ action }: Operation): Promise<{ estate: Parties; example: Example }> {
  const estate = await newParties();
  const example = await (billingExamples[action] ?? examples[action])?.(estate);
  if (example === undefined) throw new Error(`${action} has no example`);
  await estate.deps.keyring.callerOf(example.by.keyId);
  return { estate, example };
}

/** The example's request with some parameters more, all of them in one place, under a nonce of its own. */
export function requestWith(
  mutation: Operation,
  { by, params }: Example,
  options: Params,
  place: (typeof places)[number] = 'query',
): ReturnType<typeof requestOf> {
  const example = { by, params: { ...params, ...options } };
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
export function codeOf({ status, text }: Bytes): string {
  if (status === 200) return 'OK';
  const body = JSON.parse(text);
  return body.Code ?? body.ResponseMetadata.Error.Code;
}

/** A relation of parent and child in effect, with a change that awaits the child. */
export async function changing(estate: Parties): Promise<number> {
  const { child, parent } = estate;
  const id = await add(estate, parent, child, { PermissionCodes: codes });
  succeeded(await confirm(estate, child, id, 'child_agree', codes));
  succeeded(await modify(estate, parent, id, 'ADD', ['MANAGE_TARGET_INVOICE']));
  return id;
}
