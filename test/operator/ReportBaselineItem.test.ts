import { expect, it } from 'vitest';
import { job as sweep } from '#functions/workers/expireInvitations.ts';
import { REPORT_TTL_MS } from '#lib/domain/governance/enrolmentFailure.ts';
import { providerOf } from '#lib/jobs/provider.ts';
import { type DirectoryEstate, newDirectoryEstate, nobody } from '#test/directory/calls.ts';
import {
  contacts,
  defaultDomain,
  flat,
  notifications,
  passwordPolicy,
  presetTags,
  securityPreference,
} from '#test/governance/calls.ts';
import {
  configurationOf,
  enrolled,
  enrolment,
  handedOver,
  newAccount,
  nineItems,
  settle,
  workerOf,
} from '#test/governance/enrolling.ts';
import type { Params } from '#test/support/estate.ts';
import { invalid, malformed, serverRequestId } from '#test/support/refusals.ts';
import { allOf } from '#test/workers/overdue.ts';

const unexpected = invalid(
  'ReportUnexpected',
  'Specified parameter Name is not valid: no report on that item is awaited.',
);
const unknown = invalid('BlueprintUnknown', 'Specified parameter Uid is not valid: the account is not enrolled.');

function report({ call, operator }: DirectoryEstate, Uid: number, params: Params = {}) {
  return call(operator, 'ReportBaselineItem', { Uid, Name: passwordPolicy, Status: 'Finished', ...params });
}

it('an item that was applied elsewhere is finished, and the enrolment goes on with the next', async () => {
  const estate = await newDirectoryEstate();
  const uid = await handedOver(estate);
  expect(await report(estate, uid)).toStrictEqual({ status: 200, body: { RequestId: serverRequestId } });
  const { Progress } = await enrolment(estate, uid);
  expect(Progress).toEqual([
    { Name: passwordPolicy, Status: 'Finished' },
    { Name: securityPreference, Status: 'Running' },
  ]);
  await settle(estate);
  expect(await enrolment(estate, uid)).toMatchObject({ Status: 'Finished', Initialized: true });
  const [, , reported] = (await estate.deps.ledger.ofSubject('enrolment', uid, 10)).toReversed().slice(1);
  expect(reported).toMatchObject({ event: 'reportApplied', actor: 'operator', facts: { item: passwordPolicy } });
});

it('what is handed over and reported is in the list of events, for operators and for the management account', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator } = estate;
  const Config = '{"MinimumPasswordLength":12}';
  const uid = await handedOver(estate, { ...newAccount('dev'), ...flat([{ Name: passwordPolicy, Config }]) });
  await report(estate, uid, { Status: 'Failed', Code: 'Weak' });
  const { body } = await call(operator, 'ListEvents', { Subject: 'enrolment', SubjectId: uid });
  const item = { Subject: 'enrolment', SubjectId: String(uid), Item: passwordPolicy };
  expect(body.Events.slice(0, 2)).toMatchObject([
    { ...item, Event: 'reportFailed', Actor: 'operator', Code: 'Weak', To: 'failed' },
    { ...item, Event: 'handOver', Version: '1.0', Config, To: 'awaiting' },
  ]);
  expect(body.Events.at(-1)).toMatchObject({ Event: 'enroll', BaselineId: expect.stringMatching(/^afb-/) });
});

it('all items may be handed over; what they leave is known for those that depend on it, and no name is claimed', async () => {
  const estate = await newDirectoryEstate();
  const uid = await enrolled(estate, { ...newAccount('dev'), ...flat(nineItems()) });
  const names = [...nineItems().map(({ Name }) => Name), securityPreference].join(', ');
  const worker = workerOf(estate.deps, { provider: providerOf(names) });
  for (let item = 0; item < 9; item++) {
    await settle(estate, { worker });
    const { Progress } = await enrolment(estate, uid);
    const { Name } = Progress.find(({ Status }: { Status: string }) => Status === 'Running');
    expect((await report(estate, uid, { Name })).status).toBe(200);
  }
  await settle(estate, { worker });
  expect((await enrolment(estate, uid)).Status).toBe('Finished');
  const configuration = await configurationOf(estate, uid);
  expect(configuration[notifications]).toMatchObject({ Notifications: [{ Contacts: [{ Name: 'ops' }] }] });
  expect(Object.keys(configuration)).toEqual(expect.arrayContaining([contacts, defaultDomain]));
  expect(await allOf(estate, 'claim')).toEqual([]);
});

it('a domain that was applied elsewhere is nobody’s here, and does not stand in the way once domains are applied here', async () => {
  const estate = await newDirectoryEstate();
  const domain = (name: string) =>
    flat([{ Name: defaultDomain, Config: `{"DefaultDomainName":"${name}.onaliyun.com"}` }]);
  const elsewhere = workerOf(estate.deps, { provider: providerOf(defaultDomain) });
  const finished = async (AccountUid: number) => {
    await settle(estate);
    return (await enrolment(estate, AccountUid)).Status === 'Finished';
  };
  const first = await enrolled(estate, { ...newAccount('dev'), ...domain('team-a') });
  await settle(estate, { worker: elsewhere });
  await report(estate, first, { Name: defaultDomain });
  expect(await finished(first)).toBe(true);
  const second = await enrolled(estate, { ...newAccount('ops'), ...domain('team-a') });
  expect(await finished(second)).toBe(true);
  await enrolled(estate, { AccountUid: first, ...domain('team-b') });
  expect(await finished(first)).toBe(true);
  const holders = async () => (await allOf(estate, 'claim')).map(({ pk, uid }) => [String(pk).split('#').at(-1), uid]);
  expect((await holders()).toSorted()).toEqual([
    ['team-a.onaliyun.com', second],
    ['team-b.onaliyun.com', first],
  ]);
  // And the other way round: the report itself neither claims nor gives up a name.
  await enrolled(estate, { AccountUid: first, ...domain('team-c') });
  await settle(estate, { worker: elsewhere });
  await report(estate, first, { Name: defaultDomain });
  expect(await finished(first)).toBe(true);
  expect(await holders()).toHaveLength(2);
  await enrolled(estate, { AccountUid: first, ...domain('team-d') });
  expect(await finished(first)).toBe(true);
  expect((await holders()).toSorted()).toEqual([
    ['team-a.onaliyun.com', second],
    ['team-d.onaliyun.com', first],
  ]);
});

it('what was applied elsewhere is finished, also where it is more than is kept here', async () => {
  const estate = await newDirectoryEstate();
  const Values = Array.from({ length: 240 }, (_, nth) => `${nth}-${'v'.repeat(120)}`);
  const worker = workerOf(estate.deps, { provider: providerOf(presetTags) });
  let AccountUid = 0;
  for (let round = 0; round < 14; round++) {
    const Config = JSON.stringify({ PresetTags: [{ Key: `k${round}`, Values }] });
    const account = AccountUid === 0 ? newAccount('dev') : { AccountUid };
    AccountUid = await enrolled(estate, { ...account, ...flat([{ Name: presetTags, Config }]) });
    await settle(estate, { worker });
    expect((await report(estate, AccountUid, { Name: presetTags })).status, `round ${round}`).toBe(200);
    await settle(estate);
  }
  expect((await enrolment(estate, AccountUid)).Status).toBe('Finished');
});

it('a failure that is reported is that of the enrolment, by its own words or by ours', async () => {
  const estate = await newDirectoryEstate();
  const said = { Code: 'EntityAlreadyExists.Policy', Message: 'There is one.' };
  const first = await handedOver(estate, newAccount('dev'));
  expect((await report(estate, first, { Status: 'Failed', ...said })).status).toBe(200);
  expect(await enrolment(estate, first)).toMatchObject({ Status: 'Failed', ErrorInfo: said });
  const second = await handedOver(estate, newAccount('ops'));
  await report(estate, second, { Status: 'Failed' });
  const { ErrorInfo } = await enrolment(estate, second);
  expect(ErrorInfo).toMatchObject({ Code: 'ItemFailed', Message: 'The baseline item could not be applied.' });
});

it('an item that may succeed later is handed over again after a while, six times in all', async () => {
  const estate = await newDirectoryEstate();
  const worker = workerOf(estate.deps, { provider: providerOf(passwordPolicy) });
  const uid = await handedOver(estate);
  for (let attempt = 1; attempt <= 6; attempt++) {
    expect((await enrolment(estate, uid)).Status).toBe('Running');
    expect((await report(estate, uid, { Status: 'Retry', Code: `Busy.${attempt}` })).status).toBe(200);
    // Until it is handed over again no report is awaited.
    expect(await report(estate, uid)).toStrictEqual(unexpected);
    estate.advance(1000 * 2 ** attempt);
    await sweep.run({ deps: estate.deps }, () => 1000);
    await settle(estate, { worker });
  }
  const events = (await estate.deps.ledger.ofSubject('enrolment', uid, 50)).map(({ event }) => event);
  expect(events.filter((event) => event === 'handOver')).toHaveLength(6);
  expect(await enrolment(estate, uid)).toMatchObject({ Status: 'Failed', ErrorInfo: { Code: 'Busy.6' } });
});

it('a report is taken once, on the item that is awaited, and in time', async () => {
  const estate = await newDirectoryEstate();
  const uid = await handedOver(estate);
  expect(await report(estate, uid, { Name: securityPreference })).toStrictEqual(unexpected);
  expect((await report(estate, uid)).status).toBe(200);
  expect(await report(estate, uid)).toStrictEqual(unexpected);
  const late = await handedOver(estate, newAccount('ops'));
  estate.advance(REPORT_TTL_MS);
  expect(await report(estate, late)).toStrictEqual(unexpected);
  expect((await enrolment(estate, late)).Status).toBe('Failed');
});

it('a report that names the event is of that enrolment, and comes too late for the next', async () => {
  const estate = await newDirectoryEstate();
  const worker = workerOf(estate.deps, { provider: providerOf(passwordPolicy) });
  const uid = await handedOver(estate);
  const eventNow = async () => {
    const [event] = await estate.deps.ledger.ofSubject('enrolment', uid, 1);
    expect(event?.event).toBe('handOver');
    return { EventRequestId: event?.requestId };
  };
  const first = await eventNow();
  estate.advance(REPORT_TTL_MS);
  await enrolled(estate, { AccountUid: uid });
  await settle(estate, { worker });
  const second = await eventNow();
  for (const Status of ['Finished', 'Failed', 'Retry']) {
    expect(await report(estate, uid, { ...first, Status })).toStrictEqual(unexpected);
  }
  expect((await report(estate, uid, second)).status).toBe(200);
  await settle(estate);
  expect((await enrolment(estate, uid)).Status).toBe('Finished');
});

it('of reports that come at once one counts', async () => {
  const estate = await newDirectoryEstate();
  const uid = await handedOver(estate);
  const statuses = ['Finished', 'Failed', 'Retry', 'Finished'];
  const answers = await Promise.all(statuses.map((Status) => report(estate, uid, { Status })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status !== 200)) expect(answer).toStrictEqual(unexpected);
});

it('nobody waits for a report on an account that is not enrolled', async () => {
  const estate = await newDirectoryEstate();
  expect(await report(estate, nobody)).toStrictEqual(unknown);
});

it('a status is one of three', async () => {
  const estate = await newDirectoryEstate();
  const uid = await handedOver(estate);
  expect(await report(estate, uid, { Status: 'Running' })).toStrictEqual(malformed('Status'));
});
