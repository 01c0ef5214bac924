import { expect, it } from 'vitest';
import { REPORT_TTL_MS } from '#lib/domain/governance/enrolmentFailure.ts';
import {
  created,
  type DirectoryEstate,
  directed,
  newDirectoryEstate,
  nobody,
  signerOf,
} from '#test/directory/calls.ts';
import { askDeletion, newDeletionEstate, settle as settleDeletions } from '#test/directory/deletions.ts';
import {
  baselined,
  baselineUnknown,
  contacts,
  defaultDomain,
  flat,
  govern,
  governed,
  isInvalid,
  itemUnknown,
  notifications,
  notManagement,
  roles,
  services,
  unverified,
} from '#test/governance/calls.ts';
import { enrolled, enrolment, handedOver, newAccount, settle } from '#test/governance/enrolling.ts';
import type { Params } from '#test/support/estate.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

const action = 'BatchEnrollAccounts';

function accounts(uids: readonly (number | string)[]): Params {
  return Object.fromEntries(uids.map((uid, index) => [`Accounts.${index + 1}.AccountUid`, uid]));
}

async function members(estate: DirectoryEstate, count: number): Promise<string[]> {
  const all: string[] = [];
  for (let nth = 0; nth < count; nth++) all.push((await created(estate, `Dev ${nth}`)).AccountId);
  return all;
}

it('members are scheduled, each with the baseline and what the call says of its items, and all finish', async () => {
  const estate = await newDirectoryEstate();
  const uids = await members(estate, 3);
  const BaselineId = await baselined(estate, flat([{ Name: services }]));
  const Tag = '[{"Key":"env","Value":"dev"}]';
  await enrolled(estate, { AccountUid: uids[0], Tag });
  await settle(estate);
  const params = { ...accounts(uids), BaselineId, ...flat([{ Name: contacts }]) };
  const body = await governed(estate, estate.parent, action, params);
  expect(body).toStrictEqual({ RequestId: serverRequestId });
  for (const uid of uids) {
    const { Inputs, Progress, Status } = await enrolment(estate, Number(uid));
    expect(Status).toBe('Scheduling');
    expect(Progress).toEqual([services, contacts].map((Name) => ({ Name, Status: 'Pending' })));
    expect(Inputs.AccountUid).toBe(Number(uid));
    // Tags are not among what a batch says.
    expect(Inputs.Tag).toEqual(uid === uids[0] ? JSON.parse(Tag) : undefined);
  }
  await settle(estate);
  for (const uid of uids)
    expect(await enrolment(estate, Number(uid))).toMatchObject({ Status: 'Finished', BaselineId });
});

it('an account that is named twice is enrolled once', async () => {
  const estate = await newDirectoryEstate();
  const [uid = ''] = await members(estate, 1);
  await governed(estate, estate.parent, action, accounts([uid, uid]));
  await settle(estate);
  const events = await estate.deps.ledger.ofSubject('enrolment', Number(uid), 20);
  expect(events.map(({ event }) => event).toReversed()).toEqual(['schedule', 'dispatch', 'begin', 'apply', 'finish']);
});

it('each account has a fate of its own', async () => {
  const estate = await newDirectoryEstate();
  const [first = '', second = ''] = await members(estate, 2);
  const domain = flat([{ Name: defaultDomain, Config: '{"DefaultDomainName":"team-a.onaliyun.com"}' }]);
  await governed(estate, estate.parent, action, { ...accounts([first, second]), ...domain });
  await settle(estate);
  const [one, other] = [await enrolment(estate, Number(first)), await enrolment(estate, Number(second))];
  const [finished, failed] = one.Status === 'Finished' ? [one, other] : [other, one];
  expect(finished.Status).toBe('Finished');
  expect(failed).toMatchObject({ Status: 'Failed', ErrorInfo: { Code: 'EntityAlreadyExists.DefaultDomain' } });
});

it('twenty accounts are enrolled at once that were under as many baselines', async () => {
  const estate = await newDirectoryEstate();
  const uids = await members(estate, 20);
  for (const AccountUid of uids) await enrolled(estate, { AccountUid, BaselineId: await baselined(estate) });
  await settle(estate);
  const BaselineId = await baselined(estate);
  const params = { ...accounts(uids), BaselineId, ClientToken: 'mine' };
  expect((await govern(estate, estate.parent, action, params)).status).toBe(200);
  await settle(estate);
  for (const uid of uids)
    expect(await enrolment(estate, Number(uid))).toMatchObject({ Status: 'Finished', BaselineId });
  const { Baselines } = await governed(estate, estate.parent, 'ListAccountFactoryBaselines', { MaxResults: 100 });
  for (const { BaselineId: one, Type } of Baselines) {
    if (Type === 'System') continue;
    const { status } = await govern(estate, estate.parent, 'DeleteAccountFactoryBaseline', { BaselineId: one });
    expect(status).toBe(one === BaselineId ? 400 : 200);
  }
});

it('twenty accounts are enrolled at once on which nobody has reported in time, and that is recorded', async () => {
  const estate = await newDirectoryEstate();
  const uids: number[] = [];
  for (let nth = 0; nth < 20; nth++) uids.push(await handedOver(estate, newAccount(`dev${nth}`)));
  estate.advance(REPORT_TTL_MS);
  const params = { ...accounts(uids), BaselineId: await baselined(estate), ClientToken: 'mine' };
  await governed(estate, estate.parent, action, params);
  const [uid = 0] = uids;
  const events = await estate.deps.ledger.ofSubject('enrolment', uid, 20);
  expect(events.map(({ event }) => event).toReversed()).toEqual(['enroll', 'begin', 'handOver', 'timeOut', 'schedule']);
  await settle(estate);
  for (const one of uids) expect((await enrolment(estate, one)).Status).toBe('Finished');
});

it('twenty accounts may be enrolled at once with as much configuration as a baseline bears', async () => {
  const estate = await newDirectoryEstate();
  const uids = await members(estate, 20);
  const long = (Name: string) => ({ Name, Config: JSON.stringify({ filler: 'x'.repeat(32_000) }) });
  const BaselineItems = JSON.stringify([services, contacts, roles].map(long));
  const BaselineId = await baselined(estate, { BaselineItems });
  expect((await govern(estate, estate.parent, action, { ...accounts(uids), BaselineId })).status).toBe(200);
  await settle(estate);
  for (const uid of uids) expect((await enrolment(estate, Number(uid))).Status).toBe('Finished');
});

it('one account that cannot be enrolled leaves the others as they are', async () => {
  const estate = await newDirectoryEstate();
  const [first = '', second = ''] = await members(estate, 2);
  const running = await enrolled(estate, newAccount('busy'));
  const before = await estate.dump();
  const refusals = [
    [running, { Code: 'DeployConflict.Blueprint' }],
    [nobody, { Code: 'InvalidUser.NotFound' }],
    [estate.parent.uid, { Code: 'InvalidParameter' }],
  ] as const;
  for (const [uid, body] of refusals) {
    expect(await govern(estate, estate.parent, action, accounts([first, uid, second]))).toMatchObject({ body });
  }
  expect(await estate.dump()).toEqual(before);
});

it.each([
  ['no account', {}, isInvalid('Accounts')],
  ['an account without a uid', { 'Accounts.1.AccountUid': 'me' }, isInvalid('Accounts')],
  ['more than twenty', accounts(Array.from({ length: 21 }, (_, nth) => nobody - nth)), isInvalid('Accounts')],
] as const)('%s is refused', async (_, params, expected) => {
  const estate = await newDirectoryEstate();
  expect(await govern(estate, estate.parent, action, params)).toStrictEqual(expected);
});

it('what stands against any enrolment stands against a batch', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent } = estate;
  const [uid = ''] = await members(estate, 1);
  const batch = (params: Params = {}) => govern(estate, parent, action, { ...accounts([uid]), ...params });
  expect(await batch(flat([{ Name: 'NOPE' }]))).toStrictEqual(itemUnknown('NOPE'));
  expect(await batch({ BaselineId: 'afb-none' })).toStrictEqual(baselineUnknown);
  expect(await batch(flat([{ Name: notifications }]))).toMatchObject({ body: { Reason: 'ItemDependencyMissing' } });
  const statuses = {
    Deploying: 'BlueprintDeploying',
    StructureMissing: 'StructureMissing',
    Missing: 'BlueprintUnknown',
  };
  for (const [Status, Reason] of Object.entries(statuses)) {
    await call(operator, 'PutAccountFactory', { Uid: parent.uid, Status });
    expect(await batch()).toMatchObject({ body: { Reason } });
  }
  expect(await govern(estate, await signerOf(estate, uid), action, accounts([uid]))).toStrictEqual(notManagement);
  expect(await govern(estate, await estate.account(''), action, accounts([uid]))).toStrictEqual(unverified);
});

it('a member that is being deleted is not enrolled', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  await askDeletion(estate, AccountId);
  await settleDeletions(estate, { most: 1 });
  const message = 'The current status of the blueprint does not support this operation.';
  const expected = refused('FactoryUnfit', 'IncorrectBlueprintStatus', message);
  expect(await govern(estate, estate.parent, action, accounts([AccountId]))).toStrictEqual(expected);
  expect((await directed(estate, estate.parent, 'ListAccounts')).TotalCount).toBe(1);
});
