import { createHmac, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { signAcs3 } from '#lib/auth/sign.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { answering, bill, cancelling, create, manage, naming, offer } from '#test/billing/calls.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import { type Params, queryOf, type Signer } from '#test/support/estate.ts';

/** One call that must succeed: the whole suite of an operation follows from it. */
export interface Example {
  readonly by: Signer;
  readonly params: Params;
}

/** How a request differs from a good one. */
export interface Wire {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly contentType?: string;
  readonly nonce?: string;
  readonly nowMs?: number;
  readonly action?: string;
  readonly version?: string;
}

/** A request signed with ACS3 over exactly what is sent. */
export function signedRequest({ keyId, secret }: Signer, wire: Wire): [path: string, init: RequestInit] {
  const { method = 'POST', path = '/', query = '', body, contentType, action = '', version = '' } = wire;
  const { nonce = randomBytes(16).toString('hex'), nowMs = Date.now() } = wire;
  const { pathname, search } = new URL(`http://tributary.test${path}${query && `?${query}`}`);
  const url = pathname + search;
  const bytes = body === undefined ? new Uint8Array() : new Uint8Array(Buffer.from(body));
  const given = { host: 'tributary.test', ...(contentType !== undefined && { 'content-type': contentType }) };
  const signed = { method, url, headers: given, body: bytes, keyId, secret, action, version, nonce, nowMs };
  return [url, { method, headers: { ...given, ...signAcs3(signed) }, ...(body !== undefined && { body: bytes }) }];
}

/** A request signed the RPC 1.0 way, everything in the query but where it is said otherwise; `params` are the signed names too. */
export function signedRpc({ keyId, secret }: Signer, params: Params, path = '/'): [path: string, init: RequestInit] {
  const common = {
    AccessKeyId: keyId,
    Format: 'JSON',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: randomBytes(16).toString('hex'),
    SignatureVersion: '1.0',
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
  };
  const query = new URLSearchParams(queryOf({ ...common, ...params }));
  query.sort();
  const canonical = query.toString().replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~');
  const signature = createHmac('sha1', `${secret}&`)
    .update(`GET&%2F&${encodeURIComponent(canonical)}`)
    .digest('base64');
  return [`${path}?${canonical}&Signature=${encodeURIComponent(signature)}`, { headers: { host: 'tributary.test' } }];
}

/** The request of an example, everything in the query, at the door of all operations. */
export function requestOf({ action, product }: Operation, { by, params }: Example, wire: Wire = {}) {
  return signedRequest(by, { action, version: product.version, query: queryOf(params), ...wire });
}

/** The names of all parameters an operation declares. */
export function parametersOf({ input }: Operation): string[] {
  return 'entries' in input && typeof input.entries === 'object' ? Object.keys(input.entries ?? {}) : [];
}

const related = { RelationType: 'enterprise_group', RequestId: 'request-1' };

async function added({ call, parent }: Parties, child: Signer): Promise<number> {
  const params = {
    ...related,
    ParentUserId: parent.uid,
    ChildUserId: child.uid,
    PermissionCodes: ['CHECK_FINANCE_INFO'],
  };
  return (await call(parent, 'AddAccountRelation', params)).body.Data.RelationId;
}

/** Billing's own values are all texts and numbers, as its queries hold them. */
const plain = (body: object): Params => Object.fromEntries(Object.entries(body));

/** By the name of the operation: brings the estate to where the call it answers with succeeds. */
export const examples: Readonly<Record<string, (estate: Parties) => Promise<Example>>> = {
  AddAccountRelation: async ({ child, parent }) => ({
    by: parent,
    params: {
      ...related,
      ParentUserId: parent.uid,
      ChildUserId: child.uid,
      PermissionCodes: ['CHECK_FINANCE_INFO', 'FORBID_WITHDRAW_CASH'],
    },
  }),
  ConfirmRelation: async (estate) => ({
    by: estate.child,
    params: {
      RequestId: 'request-1',
      RelationId: await added(estate, estate.child),
      ConfirmCode: 'child_agree',
      PermissionCodes: ['CHECK_FINANCE_INFO'],
    },
  }),
  GetAccountRelation: async (estate) => ({
    by: estate.child,
    params: { RequestId: 'request-1', RelationId: await added(estate, estate.child) },
  }),
  ModifyAccountRelation: async (estate) => ({
    by: estate.parent,
    params: {
      RequestId: 'request-1',
      RelationId: await added(estate, estate.sibling),
      RelationOperation: 'ADD',
      PermissionCodes: ['MANAGE_TARGET_INVOICE'],
    },
  }),
  QueryPermissionList: async (estate) => ({
    by: estate.sibling,
    params: { RelationId: await added(estate, estate.sibling) },
  }),
  QueryRelationList: async (estate) => {
    await added(estate, estate.sibling);
    return { by: estate.parent, params: { UserId: estate.parent.uid } };
  },
  RelieveAccountRelation: async (estate) => ({
    by: estate.parent,
    params: { RequestId: 'request-1', RelationId: await added(estate, estate.sibling) },
  }),
  CreateFinancialRelation: async ({ child, parent }) => ({
    by: parent,
    params: plain(offer(child, { AccountAlias: 'team' })),
  }),
  ListFinancialRelation: async (estate) => {
    const { SubAccountID } = await manage(estate);
    const filter = { AccountIDSearchList: [SubAccountID], Relation: [1, 4], Status: ['200'] };
    return { by: estate.parent, params: { ...filter, Limit: 5, Offset: 0 } };
  },
  CancelInvitation: async (estate) => ({
    by: estate.parent,
    params: plain(cancelling(await create(estate, estate.parent, estate.child))),
  }),
  HandleInvitation: async (estate) => ({
    by: estate.child,
    params: plain(answering(await create(estate, estate.parent, estate.child), 2)),
  }),
  ListInvitation: async (estate) => {
    await create(estate, estate.parent, estate.child);
    return { by: estate.child, params: {} };
  },
  DeleteFinancialRelation: async (estate) => ({ by: estate.parent, params: plain(naming(await manage(estate))) }),
  UpdateAuth: async (estate) => ({
    by: estate.parent,
    params: { RelationID: (await manage(estate)).RelationID, AuthListStr: '1,2' },
  }),
  CleanUpFinancialRelation: async (estate) => {
    const relation = await create(estate, estate.parent, estate.sibling);
    await bill(estate, estate.parent, 'DeleteFinancialRelation', naming(relation));
    return { by: estate.parent, params: plain(naming(relation)) };
  },
  AllocateCredit: async (estate) => {
    const { call, operator, parent, sibling } = estate;
    await call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: 100 });
    const parties = { ...related, ParentUserId: parent.uid, ChildUserId: sibling.uid };
    await call(parent, 'AddAccountRelation', { ...parties, PermissionCodes: ['SYNCHRONIZE_FINANCE_IDENTITY'] });
    return { by: operator, params: { ParentUid: parent.uid, ChildUid: sibling.uid, Amount: 40 } };
  },
  ListEvents: async (estate) => ({
    by: estate.sibling,
    params: { RelationId: await added(estate, estate.sibling), MaxResults: 5 },
  }),
  DescribeAccountStanding: async ({ child, operator }) => ({ by: operator, params: { Uid: child.uid } }),
  PutAccountStanding: async ({ child, operator }) => ({ by: operator, params: { Uid: child.uid, Arrears: 5 } }),
  DescribeAccount: async ({ child, operator }) => ({ by: operator, params: { Uid: child.uid } }),
  IssueAccessKey: async ({ child, operator }) => ({ by: operator, params: { Uid: child.uid } }),
  ListRegisteredAccounts: async ({ operator }) => ({ by: operator, params: { MaxResults: 2 } }),
  RegisterAccount: async ({ operator }) => ({ by: operator, params: { Name: 'new@test', LegalName: 'New' } }),
  RevokeAccessKey: async ({ operator, stranger }) => ({ by: operator, params: { AccessKeyId: stranger.keyId } }),
};

/** A fresh estate where the example of the operation succeeds. */
export async function stage({ action }: Operation): Promise<{ estate: Parties; example: Example }> {
  const estate = await newParties();
  const example = await examples[action]?.(estate);
  if (example === undefined) throw new Error(`${action} has no example in test/support/everyOperation.ts`);
  return { estate, example };
}

const token = /<(\/?)([A-Za-z_][\w.-]*)(\/?)>|[^<&]+|&(?:amp|lt|gt|quot|apos|#\d+|#x[\dA-Fa-f]+);/uy;
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** The root element of a document that must be well-formed: declared, of legal characters, every element closed in turn. */
export function xmlRoot(document: string): string {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  expect(document.startsWith(declaration)).toBe(true);
  expect(document).not.toMatch(forbidden);
  const text = document.slice(declaration.length);
  const open: string[] = [];
  const roots: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const [, closing, name, empty] = token.exec(text) ?? [text.slice(at, at + 40)];
    if (token.lastIndex <= at) throw new Error(`not well-formed at ${at}: ${text.slice(at, at + 40)}`);
    if (name === undefined) expect(open, 'text belongs into an element').not.toEqual([]);
    else if (closing) expect(open.pop()).toBe(name);
    else {
      if (open.length === 0) roots.push(name);
      if (!empty) open.push(name);
    }
  }
  expect(open).toEqual([]);
  expect(roots).toHaveLength(1);
  return roots[0] ?? '';
}
