import { describe, expect, it } from 'vitest';
import { job as sweep } from '#functions/workers/expireInvitations.ts';
import { rootKeysKey } from '#lib/store/keys.ts';
import { STALLED_AFTER_MS } from '#lib/store/steps.ts';
import { created, type DirectoryEstate, directed, signerOf } from '#test/directory/calls.ts';
import { askDeletion, newDeletionEstate, settle, statusNow, stepsOf, take } from '#test/directory/deletions.ts';
import { storedMember } from '#test/directory/members.ts';
import { allOf, damage } from '#test/workers/overdue.ts';
import { ending, inserted } from '#test/workers/stream.ts';

const done = { again: undefined, passedOver: 0 };

/** Steps of a deletion that revokes more keys than fit into one of them. */
const STEPS = 5;

/** A deletion that was asked for, of a member with a payer and 25 keys. */
async function staged(): Promise<{ estate: DirectoryEstate; AccountId: string }> {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev', { PayerAccountId: estate.parent.uid });
  for (let nth = 0; nth < 25; nth++) await signerOf(estate, AccountId);
  await askDeletion(estate, AccountId);
  return { estate, AccountId };
}

/** What a deletion has done, each thing once, however it came about. */
async function expectDone(estate: DirectoryEstate, AccountId: string): Promise<void> {
  const { deps, parent } = estate;
  expect((await statusNow(estate, AccountId)).Status).toBe('Success');
  expect(await storedMember(estate, AccountId)).toMatchObject({ status: 'deleted' });
  const uid = Number(AccountId);
  const eventsOf = async (subject: string) => (await deps.ledger.ofSubject(subject, uid, 50)).map(({ event }) => event);
  expect(await eventsOf('deletion')).toEqual(['finish', 'revoke', 'remove', 'release', 'pass', 'ask']);
  expect(await eventsOf('member')).toEqual(['delete', 'beginDeletion', 'create']);
  expect(await eventsOf('account')).toEqual(['close', 'register']);
  const keys = (await allOf(estate, 'accessKey')).filter((key) => key['uid'] === uid);
  expect(keys.map(({ active }) => active)).toEqual(Array.from({ length: 25 }, () => false));
  const revoked = (await allOf(estate, 'event')).filter(({ event }) => event === 'revoke' || event === 'end');
  // Of the keys, of the relation to the payer, and of the deletion itself.
  expect(revoked).toHaveLength(25 + 1 + 1);
  expect(await deps.table.get(rootKeysKey(uid))).toBeUndefined();
  expect((await directed(estate, parent, 'ListAccounts')).TotalCount).toBe(0);
  expect(await allOf(estate, 'seats')).toEqual((await allOf(estate, 'seats')).map((row) => ({ ...row, members: 0 })));
  expect((await allOf(estate, 'deletion'))[0]).not.toHaveProperty('due');
}

describe('a deletion', () => {
  it.each(Array.from({ length: STEPS }, (_, nth) => nth))(
    'ends, and does all once, where the worker of step %i ends before or after its write',
    async (most) => {
      const { AccountId, estate } = await staged();
      await settle(estate, { most });
      const [step] = (await stepsOf(estate)).slice(-1);
      if (step === undefined) throw new Error('no step is left');
      for (const when of ['before', 'after'] as const) {
        const again = step.dynamodb?.SequenceNumber;
        expect(await take(estate, [step], ending(estate, when))).toEqual({ ...done, again });
      }
      await settle(estate, { deps: estate.anotherProcess() });
      await expectDone(estate, AccountId);
    },
  );

  it('is done once, though all its steps come again, in any order and side by side', async () => {
    const { AccountId, estate } = await staged();
    for (let round = 0; round < STEPS; round++) {
      const steps = await stepsOf(estate);
      const orders = [steps, steps.toReversed(), [...steps, ...steps]];
      await Promise.all(orders.map((records) => take(estate, records, estate.anotherProcess())));
    }
    await settle(estate);
    await expectDone(estate, AccountId);
    expect(await take(estate, await stepsOf(estate))).toEqual(done);
    await expectDone(estate, AccountId);
  });

  it.each(Array.from({ length: STEPS }, (_, nth) => nth))(
    'goes on after a while where the stream never delivers step %i',
    async (most) => {
      const { AccountId, estate } = await staged();
      await settle(estate, { most });
      const lost = await stepsOf(estate);
      const swept = () => sweep.run({ deps: estate.anotherProcess() }, () => 1000);
      expect(await swept()).toMatchObject({ found: 0 });
      estate.advance(STALLED_AFTER_MS);
      expect(await swept()).toMatchObject({ found: 1, expired: 1, failed: 0 });
      expect(await swept()).toMatchObject({ found: 0 });
      const names = new Set(lost.map(({ dynamodb }) => dynamodb?.SequenceNumber));
      const later = (await stepsOf(estate)).filter(({ dynamodb }) => !names.has(dynamodb?.SequenceNumber));
      expect(later).toHaveLength(1);
      expect(await take(estate, later)).toEqual(done);
      await settle(estate);
      await expectDone(estate, AccountId);
      expect(await swept()).toMatchObject({ found: 0 });
    },
  );

  it('is not held up by a row that cannot be read, which is counted', async () => {
    const { AccountId, estate } = await staged();
    const damaged = inserted({ pk: 'DELETION#1', sk: 'STEP#0', type: 'deletionStep', uid: 'x' }, '99');
    expect(await take(estate, [damaged, ...(await stepsOf(estate))])).toEqual({ ...done, passedOver: 1 });
    expect((await statusNow(estate, AccountId)).Status).toBe('Deleting');
  });

  it.each(['deletion', 'member', 'account'])('whose row of type %s is damaged holds up no other', async (type) => {
    const { AccountId, estate } = await staged();
    const other = (await created(estate, 'Ops')).AccountId;
    await askDeletion(estate, other);
    await damage(estate, type, Number(AccountId));
    const { again, passedOver } = await take(estate, await stepsOf(estate));
    expect(again).toBeUndefined();
    expect(passedOver).toBeGreaterThan(0);
    expect((await statusNow(estate, other)).Status).toBe('Deleting');
  });

  it('of an account that there is none of is no step', async () => {
    const { estate } = await staged();
    for (const of of ['check', 'deletion']) {
      const row = { pk: 'DELETION#1', sk: 'STEP#0', type: 'deletionStep', schema: 1, uid: 1, of };
      expect(await take(estate, [inserted(row, '1')])).toEqual(done);
    }
  });
});

it('a check that has stalled is taken up again, too', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  await directed(estate, estate.parent, 'CheckAccountDelete', { AccountId });
  const lost = await stepsOf(estate);
  estate.advance(STALLED_AFTER_MS);
  await sweep.run({ deps: estate.deps }, () => 1000);
  const [later] = (await stepsOf(estate)).slice(lost.length);
  expect(await take(estate, later ? [later] : [])).toEqual(done);
  const params = { AccountId };
  const { AccountDeletionCheckResultInfo } = await directed(
    estate,
    estate.parent,
    'GetAccountDeletionCheckResult',
    params,
  );
  expect(AccountDeletionCheckResultInfo).toStrictEqual({ Status: 'PreCheckComplete', AllowDelete: 'true' });
});
