import { describe, expect, it } from 'vitest';
import { operations } from '#functions/rpc.ts';
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

describe('the same bytes act anew', () => {
  it('once the state is back: create, delete, create', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const request = signedJson(parent, 'CreateFinancialRelation', offer(sibling));
    const first = await sent(estate, request);
    const one = await relationWith(estate, parent, sibling);
    resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(one)));
    const third = await sent(estate, request);
    const other = await relationWith(estate, parent, sibling);
    expect(other).toMatchObject({ Status: 200 });
    expect(other.RelationID).not.toBe(one.RelationID);
    expect(third.body.ResponseMetadata.RequestId).not.toBe(first.body.ResponseMetadata.RequestId);
    // From now on it is the third that is repeated.
    await expectRefusal(estate, third, () => sent(estate, request));
  });

  it('after a refusal, once what stood against it is gone', async () => {
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
    await expectRefusal(estate, inArrears, () => sent(estate, request));
    await operate(estate, 'PutAccountStanding', { Uid: sibling.uid, Arrears: 0 });
    resultOf(await sent(estate, request));
  });
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

  it.each([
    ['', {}],
    [' under a token', { ClientToken: 'token-1' }],
  ])('acts once for as long as a signature in its query holds%s', async (_, token) => {
    const HOURS_MS = 60 * 60_000;
    let lateMs = 0;
    const estate = await newEstate({ wallNow: () => Date.now() + lateMs });
    const [parent, child] = [await estate.account('Acme'), await estate.account('Acme')];
    await operate(estate, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: 100 });
    await create(estate, parent, child);
    const { keyId, secret } = estate.operator;
    const names = { Action: 'AllocateCredit', Version: '2026-01-01', ParentUid: String(parent.uid) };
    const rest = { ChildUid: String(child.uid), Amount: '10', 'X-Expires': String(40 * 60 * 60), ...token };
    const signing = { keyId, secret, nowMs: Date.now(), method: 'GET', path: '/', body: new Uint8Array(), list: false };
    const { url, headers } = signVolcengineQuery({ ...signing, params: { ...names, ...rest } });
    const first = await (await estate.send(url, { headers })).json();
    expect(first).toMatchObject({ LentCredit: 10 });
    for (const hours of [0.6, 23, 25, 39.9]) {
      estate.advance(hours * HOURS_MS - lateMs);
      lateMs = hours * HOURS_MS;
      expect(await (await estate.send(url, { headers })).json()).toEqual(first);
    }
    lateMs = 40.1 * HOURS_MS;
    expect(await (await estate.send(url, { headers })).json()).toMatchObject({ Code: 'InvalidTimestamp' });
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
