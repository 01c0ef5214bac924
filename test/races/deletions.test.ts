import { describe, expect, it } from 'vitest';
import { REPORT_TTL_MS } from '#lib/domain/governance/enrolmentFailure.ts';
import { add, proposal } from '#test/bss/parties.ts';
import { confirmed, promoted } from '#test/directory/asking.ts';
import { created, type DirectoryEstate, direct, directed, foldered, signerOf } from '#test/directory/calls.ts';
import {
  askDeletion,
  deletionForbidden,
  newDeletionEstate,
  settle,
  statusNow,
  stepsOf,
  take,
} from '#test/directory/deletions.ts';
import { storedMember } from '#test/directory/members.ts';
import { govern } from '#test/governance/calls.ts';
import { handedOver, settle as settleEnrolments } from '#test/governance/enrolling.ts';
import { atOnce, stored, tally } from '#test/races/answers.ts';
import { slowed } from '#test/races/slowed.ts';
import { times } from '#test/support/breadth.ts';
import { type Answer, signedCall } from '#test/support/estate.ts';
import { refused } from '#test/support/refusals.ts';

/** How many steps of a deletion are taken before something else is done beside the others. */
const STEPS = 4;
/** Beside each step at least once. */
const ROUNDS = times(3, 1) * STEPS;

interface Round {
  readonly estate: DirectoryEstate;
  readonly AccountId: string;
  readonly round: number;
}

/**
 * Deletes a member of a new name while something else is done, which begins beside another step in each round. Answers how the
 * deletion ended, and what became of the other.
 */
async function deleteBeside<Outcome>(
  { estate, AccountId, round }: Round,
  other: () => Promise<Outcome>,
): Promise<readonly [string, Outcome]> {
  await askDeletion(estate, AccountId);
  await settle(estate, { most: round % STEPS });
  const [outcome] = await Promise.all([other(), settle(estate)]);
  await settle(estate);
  return [(await statusNow(estate, AccountId)).Status, outcome];
}

/** Expects that each member is counted once, in the directory and in its folder, and that those who are gone are nowhere. */
async function expectCounted(estate: DirectoryEstate): Promise<void> {
  const { TotalCount } = await directed(estate, estate.parent, 'ListAccounts', { PageSize: 100 });
  const members = (await stored(estate, 'member')).filter(({ status }) => status === 'joined');
  expect(members).toHaveLength(TotalCount);
  const counted = (await stored(estate, 'seats')).map((row) => Number(row['members']));
  expect(counted.every((count) => count >= 0)).toBe(true);
  // Each is counted by the directory and by a folder.
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(2 * TotalCount);
  expect(await stored(estate, 'memberName')).toHaveLength(TotalCount);
}

async function deleted(estate: DirectoryEstate, AccountId: string): Promise<void> {
  await askDeletion(estate, AccountId);
  await settle(estate);
  expect((await statusNow(estate, AccountId)).Status).toBe('Success');
}

const reasonOf = ({ body, status }: Answer) => (status === 200 ? 'done' : String(body.Reason));

it('of many deletions asked for at once one is begun, and ends once', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  const answers = await atOnce(20, () => direct(estate, estate.parent, 'DeleteAccount', { AccountId }));
  expect(tally(answers)).toEqual({ done: 1, DeletionChecking: 19 });
  await settle(estate);
  expect((await statusNow(estate, AccountId)).Status).toBe('Success');
  const events = await estate.deps.ledger.ofSubject('deletion', Number(AccountId), 20);
  expect(events.map(({ event }) => event)).toEqual(['finish', 'remove', 'release', 'pass', 'ask']);
});

it('a deletion that is asked for while another ends finds the member gone', async () => {
  const estate = await newDeletionEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const slow = slowed(estate, () => deleted(estate, AccountId));
  const response = await estate.send(...signedCall(parent, 'DeleteAccount', '2020-03-31', { AccountId }), slow);
  expect({ status: response.status, body: await response.json() }).toStrictEqual(
    refused(
      'MemberGone',
      'AccountNotExist.DeleteAccount',
      'The deletion failed. The account does not exist. Please confirm whether it has been deleted.',
      409,
    ),
  );
});

it('a deletion that is asked for while deletions are being forbidden is refused', async () => {
  const estate = await newDeletionEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const slow = slowed(estate, () => directed(estate, parent, 'SetMemberDeletionPermission', { Status: 'Disabled' }));
  const response = await estate.send(...signedCall(parent, 'DeleteAccount', '2020-03-31', { AccountId }), slow);
  expect({ status: response.status, body: await response.json() }).toStrictEqual(deletionForbidden);
  expect(await stored(estate, 'deletion')).toEqual([]);
});

it.each([
  ['relates itself to it', 'AccountUnknown'],
  ['has it pay for a new account', 'PayerUnknown'],
  ['signs by it and invites another', 'AccountUnknown'],
  ['accepts an invitation that was sent to it', 'ChildAlreadyRelated'],
  ['issues a key to it', 'AccountUnknown'],
  ['moves it', 'MemberUnknown'],
  ['asks for its promotion', 'MemberUnknown'],
] as const)('who had looked at an account before it was deleted, and %s, comes too late', async (way, reason) => {
  const estate = await newDeletionEstate();
  const { operator, parent, sibling, stranger } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const member = await signerOf(estate, AccountId);
  const codes = { PermissionCodes: ['CHECK_FINANCE_INFO'] };
  const folderId = await foldered(estate, 'Apps');
  const RelationId = await add(estate, stranger, member, codes);
  const [bss, directory] = ['2017-12-14', '2020-03-31'];
  const accepted = { RequestId: 'r', RelationId, ConfirmCode: 'child_agree', ...codes };
  const calls: Readonly<Record<typeof way, Parameters<typeof signedCall>>> = {
    'relates itself to it': [sibling, 'AddAccountRelation', bss, proposal(sibling, member, codes)],
    'has it pay for a new account': [
      parent,
      'CreateResourceAccount',
      directory,
      { DisplayName: 'Ops', PayerAccountId: AccountId },
    ],
    'signs by it and invites another': [member, 'AddAccountRelation', bss, proposal(member, stranger, codes)],
    'accepts an invitation that was sent to it': [member, 'ConfirmRelation', bss, accepted],
    'issues a key to it': [operator, 'IssueAccessKey', '2026-01-01', { Uid: AccountId }],
    'moves it': [parent, 'MoveAccount', directory, { AccountId, DestinationFolderId: folderId }],
    'asks for its promotion': [parent, 'PromoteResourceAccount', directory, { AccountId, Email: 'dev@example.com' }],
  };
  const response = await estate.send(
    ...signedCall(...calls[way]),
    slowed(estate, () => deleted(estate, AccountId)),
  );
  expect(reasonOf({ status: response.status, body: await response.json() })).toBe(reason);
  const relations = (await stored(estate, 'relation')).filter(({ id }) => id !== RelationId);
  expect(relations).toEqual([]);
  const keys = (await stored(estate, 'accessKey')).filter(({ uid }) => uid === Number(AccountId));
  expect(keys.filter(({ active }) => active)).toEqual([]);
  await expectCounted(estate);
});

it('a member is either deleted or promoted, whether the promotion is only asked for or confirmed meanwhile', async () => {
  const estate = await newDeletionEstate();
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const { AccountId } = await created(estate, `Asked ${round}`);
    const params = { AccountId, Email: `asked${round}@example.com` };
    const ask = () => direct(estate, estate.parent, 'PromoteResourceAccount', params);
    const [status, answer] = await deleteBeside({ estate, AccountId, round }, ask);
    const expected = answer.status === 200 ? ['CheckFailed'] : ['Success'];
    expect(expected, reasonOf(answer)).toContain(status);
    if (answer.status !== 200) expect(['MemberUnfit', 'MemberUnknown']).toContain(reasonOf(answer));
    seen.add(status);
    if (answer.status !== 200) continue;
    const [again] = await deleteBeside({ estate, AccountId, round }, () =>
      confirmed(estate, answer.body.Account.RecordId),
    );
    expect(again).toBe('CheckFailed');
    const { Account } = await directed(estate, estate.parent, 'GetAccount', { AccountId });
    expect(Account.Status).toBe('PromoteSuccess');
  }
  expect([...seen].toSorted()).toEqual(['CheckFailed', 'Success']);
  await expectCounted(estate);
});

it('a promotion that is cancelled while its member is to be deleted is cancelled, and the member stays', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  const { RecordId } = await promoted(estate, { AccountId, Email: 'dev@example.com' });
  const [status] = await deleteBeside({ estate, AccountId, round: 1 }, () =>
    direct(estate, estate.parent, 'CancelPromoteResourceAccount', { RecordId }),
  );
  expect(status).toBe('CheckFailed');
  expect(await storedMember(estate, AccountId)).toMatchObject({ status: 'joined', outcome: 'promotionCancelled' });
});

it('a member that is moved, renamed, switched or removed while it is deleted is counted nowhere twice', async () => {
  const estate = await newDeletionEstate();
  const { parent } = estate;
  const DestinationFolderId = await foldered(estate, 'Apps');
  for (let round = 0; round < ROUNDS; round++) {
    const { AccountId } = await created(estate, `Dev ${round}`);
    const call = (action: string, params = {}) => direct(estate, parent, action, { AccountId, ...params });
    const [status, answers] = await deleteBeside({ estate, AccountId, round }, async () => {
      const moves = [
        call('MoveAccount', { DestinationFolderId }),
        call('UpdateAccount', { NewDisplayName: `O${round}` }),
      ];
      const switching = call('UpdateAccount', { NewAccountType: 'CloudAccount' });
      return [await switching, await call('RemoveCloudAccount'), ...(await Promise.all(moves))];
    });
    const [switched, removed] = answers.map(reasonOf);
    expect(status).toBe(switched === 'done' ? 'CheckFailed' : 'Success');
    expect(removed === 'done').toBe(switched === 'done');
    const gone = removed === 'done' ? 'left' : 'deleted';
    expect(await storedMember(estate, AccountId)).toMatchObject({ status: gone });
    await expectCounted(estate);
  }
});

it('an account that is deleted is in no relation that was opened meanwhile, as a child or as a parent', async () => {
  const estate = await newDeletionEstate();
  const { call, parent, sibling, stranger } = estate;
  const codes = { PermissionCodes: ['CHECK_FINANCE_INFO'] };
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const { AccountId } = await created(estate, `Dev ${round}`);
    const member = await signerOf(estate, AccountId);
    const payer = { DisplayName: `Paid ${round}`, PayerAccountId: AccountId };
    const others: readonly (() => Promise<Answer>)[] = [
      () => call(sibling, 'AddAccountRelation', proposal(sibling, member, codes)),
      () => direct(estate, parent, 'CreateResourceAccount', payer),
      () => call(member, 'AddAccountRelation', proposal(member, stranger, codes)),
    ];
    const [status, answer] = await deleteBeside({ estate, AccountId, round }, others[round % 3] ?? expect.fail());
    if (status === 'Success') expect(answer.status, reasonOf(answer)).not.toBe(200);
    else {
      expect(['CheckFailed', 'DeleteFailed']).toContain(status);
      expect(answer.status).toBe(200);
      expect(await storedMember(estate, AccountId)).toMatchObject({ status: 'joined' });
    }
    for (const relation of await stored(estate, 'relation')) {
      const parties = [relation['parentUid'], relation['childUid']];
      if (status === 'Success') expect(parties).not.toContain(Number(AccountId));
    }
    // Whoever was kept has made room neither for itself nor for the other.
    if (status !== 'Success') await makeRoom(estate, AccountId);
  }
});

/** Takes kept members out of the directory, which has few seats. */
async function makeRoom(estate: DirectoryEstate, AccountId: string): Promise<void> {
  const { Accounts } = await directed(estate, estate.parent, 'ListAccounts', { PageSize: 100 });
  const kept = Accounts.Account.filter(
    (one: Answer['body']) => one.AccountId === AccountId || one.DisplayName.startsWith('Paid'),
  );
  for (const one of kept) {
    const params = { AccountId: one.AccountId };
    await direct(estate, estate.parent, 'UpdateAccount', { ...params, NewAccountType: 'CloudAccount' });
    await direct(estate, estate.parent, 'RemoveCloudAccount', params);
  }
}

it('an invitation that is accepted while its child is deleted takes effect or is refused, and keeps the account if it does', async () => {
  const estate = await newDeletionEstate();
  const { call, stranger } = estate;
  const codes = ['CHECK_FINANCE_INFO'];
  for (let round = 0; round < ROUNDS; round++) {
    const { AccountId } = await created(estate, `Dev ${round}`);
    const member = await signerOf(estate, AccountId);
    const RelationId = await add(estate, stranger, member, { PermissionCodes: codes });
    const params = { RequestId: 'r', RelationId, ConfirmCode: 'child_agree', PermissionCodes: codes };
    const accept = () => call(member, 'ConfirmRelation', params);
    const [status, answer] = await deleteBeside({ estate, AccountId, round }, accept);
    expect(answer.status === 200).toBe(status !== 'Success');
    const relation = (await stored(estate, 'relation')).find(({ id }) => id === RelationId);
    expect(relation?.['status']).toBe(status === 'Success' ? 'inviting' : 'active');
    await makeRoom(estate, AccountId);
  }
});

it('no key that is issued meanwhile outlives its account', async () => {
  const estate = await newDeletionEstate();
  const { call, operator } = estate;
  for (let round = 0; round < ROUNDS; round++) {
    const { AccountId } = await created(estate, `Dev ${round}`);
    const revoked = (await signerOf(estate, AccountId)).keyId;
    const [status, answers] = await deleteBeside({ estate, AccountId, round }, () =>
      Promise.all([
        ...Array.from({ length: 3 }, () => call(operator, 'IssueAccessKey', { Uid: AccountId })),
        call(operator, 'RevokeAccessKey', { AccessKeyId: revoked }),
      ]),
    );
    expect(status).toBe('Success');
    expect(['done', 'AccountUnknown']).toEqual(expect.arrayContaining(answers.map(reasonOf)));
    const own = (await stored(estate, 'accessKey')).filter(({ uid }) => uid === Number(AccountId));
    expect(own.filter(({ active }) => active)).toEqual([]);
    const events = await estate.deps.ledger.ofSubject('accessKey', revoked, 10);
    expect(events.at(0)).toMatchObject({ event: 'revoke' });
  }
});

it('workers that take the same steps at once do each of them once', async () => {
  const estate = await newDeletionEstate();
  for (let round = 0; round < ROUNDS; round++) {
    const { AccountId } = await created(estate, `Dev ${round}`, { PayerAccountId: estate.parent.uid });
    await askDeletion(estate, AccountId);
    for (let step = 0; step <= STEPS; step++) {
      const steps = await stepsOf(estate);
      const own = steps.slice(-2);
      await Promise.all(Array.from({ length: 5 }, () => take(estate, own, estate.anotherProcess())));
    }
    expect((await statusNow(estate, AccountId)).Status).toBe('Success');
    const events = await estate.deps.ledger.ofSubject('deletion', Number(AccountId), 20);
    expect(events.map(({ event }) => event)).toEqual(['finish', 'remove', 'release', 'pass', 'ask']);
  }
  await expectCounted(estate);
});

it('a member that is enrolled while it is deleted stays, or is gone with all of its enrolment', async () => {
  const estate = await newDeletionEstate();
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const { AccountId } = await created(estate, `Dev ${round}`);
    const [status, answer] = await deleteBeside({ estate, AccountId, round }, async () => {
      const granted = await govern(estate, estate.parent, 'EnrollAccount', { AccountUid: AccountId });
      await settleEnrolments(estate);
      return granted;
    });
    seen.add(`${status}, ${reasonOf(answer)}`);
    await settleEnrolments(estate);
    const left = (await stored(estate, 'enrolment')).filter(({ uid }) => uid === Number(AccountId));
    if (status === 'Success') expect(left).toEqual([]);
    else expect([status, left]).toMatchObject(['CheckFailed', [{ status: 'finished' }]]);
    if (answer.status === 200) continue;
    expect(['FactoryUnfit', 'MemberUnknown']).toContain(reasonOf(answer));
    expect(status).toBe('Success');
  }
  // Which comes first depends on the steps that were taken before.
  expect(seen.size).toBeGreaterThan(1);
  await expectCounted(estate);
});

describe('of a deletion and an enrolment that meet, the later gives way', () => {
  const enroll = (estate: DirectoryEstate, AccountId: string) =>
    govern(estate, estate.parent, 'EnrollAccount', { AccountUid: AccountId });
  const schedule = (estate: DirectoryEstate, AccountId: string) =>
    govern(estate, estate.parent, 'BatchEnrollAccounts', { 'Accounts.1.AccountUid': AccountId });
  const calls = [
    ['enrolled', enroll],
    ['enrolled with others', schedule],
  ] as const;
  const whenBefore = [
    ['for the first time', undefined],
    ['again', 'over'],
    ['again after nobody has reported in time', 'lapsed'],
  ] as const;
  const ways = calls.flatMap(([how, call]) => whenBefore.map(([when, before]) => ({ how, call, when, before })));

  /** A member whose deletion is asked for, with an earlier enrolment or without. */
  async function candidate(before: 'over' | 'lapsed' | undefined): Promise<[DirectoryEstate, string]> {
    const estate = await newDeletionEstate();
    const { AccountId } = await created(estate, 'Dev');
    if (before === 'over') await enroll(estate, AccountId);
    if (before === 'over') await settleEnrolments(estate);
    if (before === 'lapsed') await handedOver(estate, { AccountUid: AccountId });
    if (before === 'lapsed') estate.advance(REPORT_TTL_MS);
    await askDeletion(estate, AccountId);
    return [estate, AccountId];
  }

  it.each(ways)('a member that is $how $when, after its check was made and before that is recorded', async (way) => {
    const [estate, AccountId] = await candidate(way.before);
    let granted: Answer | undefined;
    const slow = slowed(estate, async () => {
      granted = await way.call(estate, AccountId);
    });
    await settle(estate, { deps: slow });
    await settleEnrolments(estate);
    await settle(estate);
    expect(granted?.status).toBe(200);
    expect(await statusNow(estate, AccountId)).toMatchObject({
      Status: 'CheckFailed',
      FailReasonList: [{ Name: 'Account factory' }],
    });
    expect(await storedMember(estate, AccountId)).toMatchObject({ status: 'joined' });
    expect(await stored(estate, 'enrolment')).toMatchObject([{ status: 'finished' }]);
  });

  it.each(ways)('a member that is $how $when, before its check is made and recorded afterwards', async (way) => {
    const [estate, AccountId] = await candidate(way.before);
    const slow = slowed(estate, () => settle(estate, { most: 1 }));
    const params = way.call === enroll ? { AccountUid: AccountId } : { 'Accounts.1.AccountUid': AccountId };
    const action = way.call === enroll ? 'EnrollAccount' : 'BatchEnrollAccounts';
    const response = await estate.send(...signedCall(estate.parent, action, '2021-01-20', params), slow);
    expect(reasonOf({ status: response.status, body: await response.json() })).toBe('FactoryUnfit');
    await settle(estate);
    expect((await statusNow(estate, AccountId)).Status).toBe('Success');
    expect(await stored(estate, 'enrolment')).toEqual([]);
    await expectCounted(estate);
  });

  it.each(ways)('a member that is $how $when, at the moment of its check', async (way) => {
    for (let round = 0; round < times(8, 4); round++) {
      const [estate, AccountId] = await candidate(way.before);
      const check = () => settle(estate, { most: 1, deps: estate.anotherProcess() });
      const begun = round % 2 ? check() : undefined;
      const [answer] = await Promise.all([way.call(estate, AccountId), begun ?? check()]);
      await Promise.all([settleEnrolments(estate), settle(estate)]);
      const { Status } = await statusNow(estate, AccountId);
      const left = (await stored(estate, 'enrolment')).map(({ status }) => status);
      expect({ Status, left }).toEqual(
        answer.status === 200 ? { Status: 'CheckFailed', left: ['finished'] } : { Status: 'Success', left: [] },
      );
    }
  });
});
