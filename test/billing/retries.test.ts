import { describe, expect, it } from 'vitest';
import { operations } from '#infra/operations.ts';
import { signVolcengineQuery } from '#test/auth/signers.ts';
import {
  bill,
  create,
  expectRefusal,
  manage,
  naming,
  offer,
  operate,
  type Request,
  refusedAs,
  relationWith,
  resultOf,
  sent,
  signedJson,
} from '#test/billing/calls.ts';
import { signedSigv4 } from '#test/billing/sigv4.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import { atOnce, stored } from '#test/races/answers.ts';
import { type Answer, newEstate, type Signer } from '#test/support/estate.ts';
import { stage, waysOf } from '#test/support/examples.ts';

const ALLOCATE = 'Action=AllocateCredit&Version=2026-01-01';

/** Every way of every mutation that no nonce protects; one that finds its work done tells so, which is another answer. */
const cases = operations
  .filter(({ effect, product }) => effect === 'write' && product.dialect.vendor === 'volcengine')
  .filter(({ action }) => action !== 'CleanUpFinancialRelation')
  .flatMap((mutation) =>
    waysOf(mutation).map((way, nth) => [`${mutation.action} (${nth + 1})`, mutation, way] as const),
  );

describe.each(cases)('%s, sent again byte for byte', (_, mutation, way) => {
  async function staged(): Promise<{ estate: Parties; request: Request }> {
    const { estate, example } = await stage(mutation, way);
    return { estate, request: signedJson(example.by, mutation.action, example.params) };
  }

  it('is answered as it was the first time, and does not act again', async () => {
    const { estate, request } = await staged();
    const first = await sent(estate, request);
    resultOf(first);
    await expectRefusal(estate, first, () => sent(estate, request));
    await expectRefusal(estate, first, () => sent(estate, request, estate.anotherProcess()));
  });

  it('while it is still on its way, over several processes, acts once', async () => {
    const once = await staged();
    await sent(once.estate, once.request);
    const { estate, request } = await staged();
    const answers = await atOnce(8, () => sent(estate, request, estate.anotherProcess()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.ResponseMetadata.RequestId)).size).toBe(1);
    expect(await stored(estate, 'event')).toHaveLength((await stored(once.estate, 'event')).length);
  });
});

it('a clean-up sent again tells that it had been done', async () => {
  const estate = await newParties();
  const relation = await manage(estate);
  resultOf(await bill(estate, estate.parent, 'DeleteFinancialRelation', naming(relation)));
  const request = signedJson(estate.parent, 'CleanUpFinancialRelation', naming(relation));
  expect(resultOf(await sent(estate, request))).toMatchObject({ IsSuccess: true });
  const events = (await stored(estate, 'event')).length;
  expect(resultOf(await sent(estate, request))).toMatchObject({ IsSuccess: true });
  expect(await stored(estate, 'event')).toHaveLength(events);
});

describe('the same bytes act at most once', () => {
  it('though the state is back: create, delete, create', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const request = signedJson(parent, 'CreateFinancialRelation', offer(sibling));
    const first = await sent(estate, request);
    const one = await relationWith(estate, parent, sibling);
    resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(one)));
    await expectRefusal(estate, first, () => sent(estate, request));
    await create(estate, parent, sibling);
    await expectRefusal(estate, first, () => sent(estate, request, estate.anotherProcess()));
  });

  it('and after a refusal not at all, though what stood against it is gone', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const relation = await create(estate, parent, sibling, { Relation: 1, AuthListStr: undefined });
    await operate(estate, 'PutAccountStanding', { Uid: sibling.uid, Arrears: 1 });
    const request = signedJson(parent, 'DeleteFinancialRelation', naming(relation));
    const inArrears = refusedAs(
      'DeleteFinancialRelation',
      'ChildInArrears',
      'OperationDenied.TrusteeshipSubArrears',
      `Account ${sibling.uid} is in arrears and cannot be disassociated from trusteeship!`,
    );
    await expectRefusal(estate, inArrears, () => sent(estate, request));
    await operate(estate, 'PutAccountStanding', { Uid: sibling.uid, Arrears: 0 });
    await expectRefusal(estate, inArrears, () => sent(estate, request, estate.anotherProcess()));
    resultOf(await bill(estate, parent, 'DeleteFinancialRelation', { ...naming(relation), Spelled: 'otherwise' }));
  });
});

describe('a signature in a query', () => {
  const HOUR_MS = 60 * 60_000;

  it.each([
    ['', {}],
    [' under a token', { ClientToken: 'token-1' }],
  ])('acts once for as long as it holds%s', async (_, token) => {
    let lateMs = 0;
    const estate = await newEstate({ wallNow: () => Date.now() + lateMs });
    const [parent, child] = [await estate.account('Acme'), await estate.account('Acme')];
    const { url, headers } = inQuery(parent, 'CreateFinancialRelation', '2022-01-01', {
      SubAccountID: String(child.uid),
      Relation: '4',
      AuthListStr: '1',
      ...token,
    });
    const read = async () => (await estate.send(url, { headers })).json();
    const first = await read();
    expect(first).toMatchObject({ Result: expect.anything() });
    for (const hours of [0.6, 23, 25, 39.9]) {
      estate.advance(hours * HOUR_MS - lateMs);
      lateMs = hours * HOUR_MS;
      expect(await read()).toEqual(first);
    }
    lateMs = 40.1 * HOUR_MS;
    expect(await read()).toMatchObject({ ResponseMetadata: { Error: { Code: 'InvalidTimestamp' } } });
  });

  it("holds a quarter of an hour if it is an operator's, whatever it says", async () => {
    let lateMs = 0;
    const estate = await newEstate({ wallNow: () => Date.now() + lateMs });
    const account = await estate.account('Acme');
    const params = { Uid: String(account.uid), OpenOrders: '1' };
    const { url, headers } = inQuery(estate.operator, 'PutAccountStanding', '2026-01-01', params);
    const first = await (await estate.send(url, { headers })).json();
    expect(first).not.toHaveProperty('Code');
    lateMs = 14.9 * 60_000;
    expect(await (await estate.send(url, { headers })).json()).toEqual(first);
    lateMs = 15.1 * 60_000;
    expect(await (await estate.send(url, { headers })).json()).toMatchObject({ Code: 'InvalidTimestamp' });
  });

  function inQuery({ keyId, secret }: Signer, Action: string, Version: string, rest: Readonly<Record<string, string>>) {
    const params = { Action, Version, ...rest, 'X-Expires': String(40 * 60 * 60) };
    const signing = { keyId, secret, nowMs: Date.now(), method: 'GET', path: '/', body: new Uint8Array(), list: false };
    return signVolcengineQuery({ ...signing, params });
  }
});

describe('AllocateCredit, which no state of the ledger would stop, sent again byte for byte', () => {
  const body = (parent: Signer, child: Signer, Amount: number) =>
    JSON.stringify({ ParentUid: parent.uid, ChildUid: child.uid, Amount });

  async function lender() {
    const estate = await newParties();
    const { parent, sibling } = estate;
    await operate(estate, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: 100 });
    await create(estate, parent, sibling);
    return estate;
  }

  async function answer(estate: Parties, [path, init]: Request): Promise<Answer> {
    const response = await estate.send(path, init, estate.anotherProcess());
    return { status: response.status, body: await response.json() };
  }

  it.each(['/', '/operator/AllocateCredit'])('to %s, signed with SigV4, acts once', async (path) => {
    const estate = await lender();
    const { operator, parent, sibling } = estate;
    const query = path === '/' ? ALLOCATE : '';
    const request = signedSigv4(operator, path, query, body(parent, sibling, 10));
    const [first, ...others] = await atOnce(8, () => answer(estate, request));
    expect(first).toMatchObject({ status: 200, body: { LentCredit: 10, Parent: { AvailableBalance: 90 } } });
    for (const other of others) expect(other).toEqual(first);
    expect(await answer(estate, request)).toEqual(first);
    const standing = await operate(estate, 'DescribeAccountStanding', { Uid: sibling.uid });
    expect(standing).toMatchObject({ AvailableBalance: 10 });
  });

  it('acts once however its signature and what that covers are spelled', async () => {
    const estate = await lender();
    const { operator, parent, sibling } = estate;
    const [path, init] = signedSigv4(operator, '/', ALLOCATE, body(parent, sibling, 10));
    const headers = new Headers(init.headers);
    headers.set('authorization', (headers.get('authorization') ?? '').replaceAll(', ', ','));
    const spellings: Request[] = [
      [path, init],
      [path, { ...init, headers }],
      [`/?${ALLOCATE.split('&').reverse().join('&')}`, init],
      [path.replace('Credit', 'Cr%65dit'), init],
    ];
    const [first, ...others] = await atOnce(spellings.length, (nth) => answer(estate, spellings[nth] ?? [path, init]));
    expect(first).toMatchObject({ status: 200, body: { LentCredit: 10 } });
    for (const other of others) expect(other).toEqual(first);
  });

  it("acts once however far the domain's clock is turned", async () => {
    const estate = await lender();
    const { operator, parent, sibling } = estate;
    const request = signedSigv4(operator, '/', ALLOCATE, body(parent, sibling, 10));
    const first = await answer(estate, request);
    estate.advance(15 * 24 * 60 * 60_000);
    expect(await answer(estate, request)).toEqual(first);
  });

  it('acts again when it is another request for the same', async () => {
    const estate = await lender();
    const { operator, parent, sibling } = estate;
    for (const lent of [10, 20]) {
      const spelled = `${body(parent, sibling, 10)}${' '.repeat(lent)}`;
      const answered = await answer(estate, signedSigv4(operator, '/', ALLOCATE, spelled));
      expect(answered).toMatchObject({ status: 200, body: { LentCredit: lent } });
    }
  });
});
