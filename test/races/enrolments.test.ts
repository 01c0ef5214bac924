import { describe, expect, it } from 'vitest';
import { governance } from '#lib/products/governance/product.ts';
import { created, type DirectoryEstate, directed, newDirectoryEstate } from '#test/directory/calls.ts';
import { baselined, baselineOf, baselineUnknown, flat, govern, governed } from '#test/governance/calls.ts';
import {
  enrolled,
  enrolment,
  newAccount,
  nineItems,
  settle,
  stepsOf,
  take,
  workerOf,
} from '#test/governance/enrolling.ts';
import { stored } from '#test/races/answers.ts';
import { callAround } from '#test/races/slowed.ts';
import { times } from '#test/support/breadth.ts';
import type { Answer, Params } from '#test/support/estate.ts';

/** More than two pages of a list, and more than a worker takes at once. */
const MANY = times(200, 60);

interface Listed {
  readonly AccountUid: number;
  readonly Status: string;
}

/** All pages of the list of enrolled accounts. */
async function listed(estate: DirectoryEstate, between: () => Promise<unknown>): Promise<Listed[]> {
  const all: Listed[] = [];
  let NextToken: string | undefined;
  do {
    const params = { MaxResults: 40, ...(NextToken !== undefined && { NextToken }) };
    const page = await governed(estate, estate.parent, 'ListEnrolledAccounts', params);
    all.push(...page.EnrolledAccounts);
    NextToken = page.NextToken;
    await between();
  } while (NextToken !== undefined);
  return all;
}

it('many accounts that are enrolled at once all finish, none twice, and lists meet each once meanwhile', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent } = estate;
  await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Members: 1000 });
  const BaselineId = await baselined(estate, flat(nineItems().slice(4, 6)));
  const answers = await Promise.all(
    Array.from({ length: MANY }, (_, nth) =>
      govern(estate, parent, 'EnrollAccount', { ...newAccount(`dev${nth}`), BaselineId }),
    ),
  );
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  const uids = answers.map(({ body }) => body.AccountUid).toSorted();
  expect(new Set(uids).size).toBe(MANY);
  const seen = await listed(estate, () => settle(estate, { most: 80 }));
  expect(seen.map(({ AccountUid }) => AccountUid).toSorted()).toEqual(uids);
  await settle(estate, { most: 10 * MANY });
  const over = await listed(estate, async () => undefined);
  expect(over.map(({ AccountUid }) => AccountUid).toSorted()).toEqual(uids);
  expect(over.filter(({ Status }) => Status !== 'Finished')).toEqual([]);
  expect((await directed(estate, parent, 'ListAccounts')).TotalCount).toBe(MANY);
  expect(await stored(estate, 'configuration')).toHaveLength(2 * MANY);
  const events = (await stored(estate, 'event')).filter(({ subject }) => subject === 'enrolment');
  for (const event of ['enroll', 'begin', 'apply', 'finish']) {
    expect(events.filter((one) => one['event'] === event)).toHaveLength(MANY);
  }
  // It is under the baseline, and each step called for one more.
  expect((await govern(estate, parent, 'DeleteAccountFactoryBaseline', { BaselineId })).status).toBe(400);
  expect(await stepsOf(estate)).toHaveLength(3 * MANY);
});

it('of many who enrol one account at once one is granted, and the others are told why', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, nth) =>
      nth % 2
        ? govern(estate, estate.parent, 'EnrollAccount', { AccountUid: AccountId })
        : govern(estate, estate.parent, 'BatchEnrollAccounts', { 'Accounts.1.AccountUid': AccountId }),
    ),
  );
  const refusals = answers.filter(({ status }) => status !== 200);
  expect(refusals).toHaveLength(9);
  for (const { body } of refusals) expect(body.Code).toBe('DeployConflict.Blueprint');
  await settle(estate);
  expect((await enrolment(estate, Number(AccountId))).Status).toBe('Finished');
});

it('of many who enrol an account of one name at once one account is made', async () => {
  const estate = await newDirectoryEstate();
  const enroll = () => govern(estate, estate.parent, 'EnrollAccount', newAccount('dev'));
  const answers = await Promise.all(Array.from({ length: 8 }, enroll));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect((await directed(estate, estate.parent, 'ListAccounts')).TotalCount).toBe(1);
  expect(await stored(estate, 'enrolment')).toHaveLength(1);
});

it('workers that take the same steps at once take each of them once', async () => {
  const estate = await newDirectoryEstate();
  const uid = await enrolled(estate, { ...newAccount('dev'), ...flat(nineItems()) });
  for (let step = 0; step < 12; step++) {
    const own = (await stepsOf(estate)).slice(-2);
    const processes = Array.from({ length: 5 }, () => workerOf(estate.anotherProcess()));
    await Promise.all(processes.map((worker) => take(estate, own, worker)));
  }
  expect((await enrolment(estate, uid)).Status).toBe('Finished');
  const events = (await estate.deps.ledger.ofSubject('enrolment', uid, 50)).map(({ event }) => event).toReversed();
  expect(events).toEqual(['enroll', 'begin', ...Array.from({ length: 8 }, () => 'apply'), 'finish']);
});

it('a domain that many accounts want at once is had by one of them, and the others fail', async () => {
  const estate = await newDirectoryEstate();
  const domain = flat(nineItems().slice(6, 7));
  const uids: number[] = [];
  for (let nth = 0; nth < 6; nth++) uids.push(await enrolled(estate, { ...newAccount(`dev${nth}`), ...domain }));
  await settle(estate);
  const statuses = await Promise.all(uids.map(async (uid) => (await enrolment(estate, uid)).Status));
  expect(statuses.toSorted()).toEqual(['Failed', 'Failed', 'Failed', 'Failed', 'Failed', 'Finished']);
  expect(await stored(estate, 'claim')).toHaveLength(1);
});

it('a baseline that is deleted while accounts come under it is either kept or under nobody', async () => {
  const estate = await newDirectoryEstate();
  for (let round = 0; round < times(8, 4); round++) {
    const BaselineId = await baselined(estate);
    const [deleted, granted] = await Promise.all([
      govern(estate, estate.parent, 'DeleteAccountFactoryBaseline', { BaselineId }),
      govern(estate, estate.parent, 'EnrollAccount', { ...newAccount(`dev${round}`), BaselineId }),
    ]);
    expect(deleted.status === 200).toBe(granted.status !== 200);
    if (granted.status !== 200) expect(granted).toStrictEqual(baselineUnknown);
  }
});

describe('an enrolment that was decided by what is so no longer as it is written', () => {
  const ways = {
    'of a new account': () => ['EnrollAccount', newAccount('dev')],
    'of a member': (AccountId) => ['EnrollAccount', { AccountUid: AccountId }],
    'of several members': (AccountId) => ['BatchEnrollAccounts', { 'Accounts.1.AccountUid': AccountId }],
  } as const satisfies Record<string, (AccountId: string) => readonly [action: string, params: Params]>;

  /** Enrols in one of the ways, under a baseline, while something else is done. */
  async function enrollAround(
    way: keyof typeof ways,
    change: (estate: DirectoryEstate, BaselineId: string) => Promise<unknown>,
    under: 'custom' | 'system',
  ): Promise<[DirectoryEstate, Answer]> {
    const estate = await newDirectoryEstate();
    const { AccountId } = await created(estate, 'Member');
    const { BaselineId } = under === 'custom' ? { BaselineId: await baselined(estate) } : await baselineOf(estate);
    const [action, params] = ways[way](AccountId);
    const call = [estate.parent, action, governance.version, { ...params, BaselineId }] as const;
    return [estate, await callAround(estate, call, () => change(estate, BaselineId))];
  }

  const names = Object.keys(ways) as (keyof typeof ways)[];
  const underEither = names.flatMap((way) => (['custom', 'system'] as const).map((under) => [way, under] as const));

  it.each(names)('%s is refused where the account factory was suspended meanwhile', async (way) => {
    const suspend = ({ call, operator, parent }: DirectoryEstate) =>
      call(operator, 'PutAccountFactory', { Uid: parent.uid, Status: 'Suspended' });
    const [estate, { body, status }] = await enrollAround(way, suspend, 'system');
    expect([status, body.Reason]).toEqual([400, 'FactoryUnfit']);
    expect(await stored(estate, 'enrolment')).toEqual([]);
  });

  it.each(underEither)(
    '%s under a %s baseline that is updated meanwhile applies the items of today',
    async (...way) => {
      const [name, under] = way;
      const items = flat(nineItems().slice(4, 5));
      const update = (estate: DirectoryEstate, BaselineId: string) =>
        governed(estate, estate.parent, 'UpdateAccountFactoryBaseline', { BaselineId, ...items });
      const [estate, { status }] = await enrollAround(name, update, under);
      expect(status).toBe(200);
      const [plan] = await stored(estate, 'enrolmentPlan');
      expect(plan?.['base']).toMatchObject([
        { name: items['BaselineItems.1.Name'], config: items['BaselineItems.1.Config'] },
      ]);
    },
  );

  it.each(names)('%s is refused where its baseline was deleted meanwhile', async (way) => {
    const remove = (estate: DirectoryEstate, BaselineId: string) =>
      governed(estate, estate.parent, 'DeleteAccountFactoryBaseline', { BaselineId });
    const [estate, answer] = await enrollAround(way, remove, 'custom');
    expect(answer).toStrictEqual(baselineUnknown);
    expect(await stored(estate, 'enrolment')).toEqual([]);
  });
});
