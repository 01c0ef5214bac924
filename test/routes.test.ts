import { describe, expect, it } from 'vitest';
import { operations } from '#infra/operations.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { versionsOf } from '#lib/pipeline/route.ts';
import { signedJson } from '#test/billing/calls.ts';
import { signedSigv4 } from '#test/billing/sigv4.ts';
import { add, newParties, type Parties } from '#test/bss/parties.ts';
import { inTurn, meets } from '#test/support/breadth.ts';
import { parametersOf, requestOf, signedRpc } from '#test/support/everyOperation.ts';
import { type Example, stage } from '#test/support/examples.ts';
import { restored } from '#test/support/snapshot.ts';

const pathOf = ({ action, product }: Operation) => `/${product.name}/${action}`;
/** Operations with their own parameter `Action` are left out: at the door that name is taken. */
const cases = operations
  .filter((operation) => !parametersOf(operation).includes('Action'))
  .map((operation, nth) => [operation.action, operation, nth] as const);
/** An operation is called at every ninth path of others, the next one at the next. */
const STRIDE = 9;

async function codeOf({ send }: Parties, request: readonly [string, RequestInit]): Promise<string> {
  const response = await send(...request);
  const body = Object(await response.json());
  return body.ResponseMetadata?.Error?.Code ?? (response.status === 200 ? 'OK' : body.Code);
}

function withHeaders(
  [path, init]: readonly [string, RequestInit],
  headers: Readonly<Record<string, string>>,
): readonly [string, RequestInit] {
  const sent = new Headers(init.headers);
  for (const [name, value] of Object.entries(headers)) sent.set(name, value);
  return [path, { ...init, headers: sent }];
}

/**
 * An example signed with RPC 1.0, whose AccessKeyId is the caller's. An operation's own is sent under its other name.
 */
function byRpc(operation: Operation, { by, params }: Example, path?: string) {
  const { AccessKeyId, ...own } = params;
  const renamed = AccessKeyId === undefined ? own : { ...own, UserAccessKeyId: AccessKeyId };
  return signedRpc(by, { ...renamed, Action: operation.action, Version: versionsOf(operation)[0] }, path);
}

describe.each(cases)(
  'a request signed for %s the RPC 1.0 way, which covers its names but not its path',
  (_, signed, turn) => {
    const begin = restored(() => stage(signed));

    it('is served at the door and at its own path', async () => {
      for (const path of inTurn(['/', pathOf(signed)], turn)) {
        const { estate, example } = await begin();
        expect(await codeOf(estate, byRpc(signed, example, path))).toBe('OK');
      }
    });

    it('is served at the path of no other operation', async () => {
      const { estate, example } = await begin();
      const before = await estate.dump();
      for (const other of operations.filter((one, nth) => one !== signed && meets(nth, turn, STRIDE))) {
        const unknown =
          other.product.dialect.vendor === 'volcengine' ? 'InvalidActionOrVersion' : 'InvalidApi.NotFound';
        expect(await codeOf(estate, byRpc(signed, example, pathOf(other)))).toBe(unknown);
      }
      expect(await estate.dump()).toEqual(before);
    });
  },
);

describe('an operation is named by nothing but what is signed', () => {
  const headers = { 'x-acs-action': 'RelieveAccountRelation', 'x-acs-version': '2017-12-14' };

  it('not by headers or the path of a request that RPC 1.0 signs', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const RelationId = await add(estate, parent, sibling, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
    const before = await estate.dump();
    const params = { RelationId, RequestId: 'r' };
    const versioned = { ...params, Version: '2017-12-14' };
    const path = '/bss/RelieveAccountRelation';
    expect(await codeOf(estate, withHeaders(signedRpc(parent, params), headers))).toBe('MissingAction');
    expect(await codeOf(estate, withHeaders(signedRpc(parent, versioned, path), headers))).toBe('MissingAction');
    const named = { ...params, Action: 'RelieveAccountRelation' };
    expect(await codeOf(estate, withHeaders(signedRpc(parent, named, path), headers))).toBe('MissingVersion');
    const read = { ...versioned, Action: 'GetAccountRelation' };
    expect(await codeOf(estate, withHeaders(signedRpc(parent, read), headers))).toBe('OK');
    expect(await estate.dump()).toEqual(before);
  });

  it('not by headers beside the signatures of Volcengine and AWS', async () => {
    const estate = await newParties();
    const names = { 'x-acs-action': 'ListInvitation', 'x-acs-version': '2022-01-01' };
    const [url, init] = signedJson(estate.child, 'ListInvitation', {});
    const unnamed = signedSigv4(estate.child, '/', '', '{}');
    expect(await codeOf(estate, withHeaders(unnamed, names))).toBe('MissingAction');
    expect(await codeOf(estate, withHeaders([url.replace('ListInvitation', 'UpdateAuth'), init], names))).toBe(
      'SignatureDoesNotMatch',
    );
  });

  it('not by a path that contradicts what ACS3 names', async () => {
    const { estate, example } = await stage(named('GetAccountRelation'));
    const elsewhere = requestOf(named('GetAccountRelation'), example, { path: '/bss/QueryPermissionList' });
    expect(await codeOf(estate, elsewhere)).toBe('InvalidApi.NotFound');
  });

  it("not by a form that Volcengine signs, whose Action is the operation's own", async () => {
    const estate = await newParties();
    const [path, init] = signedJson(estate.child, 'ListInvitation', {}, '/');
    const form = new Headers(init.headers);
    form.set('content-type', 'application/x-www-form-urlencoded');
    expect(await codeOf(estate, [path, { ...init, headers: form }])).toBe('OK');
    const bare = path.replace('Action=ListInvitation&', '');
    const asForm = { ...init, headers: form, body: 'Action=ListInvitation' };
    expect(await codeOf(estate, [bare, asForm])).toBe('MissingParameter');
  });
});

function named(action: string): Operation {
  const found = operations.find((one) => one.action === action);
  if (found === undefined) throw new Error(`there is no operation ${action}`);
  return found;
}
