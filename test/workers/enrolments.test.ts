import { describe, expect, it } from 'vitest';
import { job as sweep } from '#functions/workers/expireInvitations.ts';
import { REPORT_TTL_MS } from '#lib/domain/governance/enrolmentFailure.ts';
import { type Provider, providerOf } from '#lib/jobs/provider.ts';
import { enrolmentKey } from '#lib/store/keys.ts';
import { STALLED_AFTER_MS } from '#lib/store/steps.ts';
import { metered, unused } from '#lib/table/requests.ts';
import type { Table } from '#lib/table/table.ts';
import { created, type DirectoryEstate, newDirectoryEstate } from '#test/directory/calls.ts';
import { baselined, flat, govern, governed, networks, passwordPolicy } from '#test/governance/calls.ts';
import {
  configurationOf,
  enrolled,
  enrolment,
  handedOver,
  newAccount,
  nineItems,
  settle,
  stepsOf,
  take,
  workerOf,
} from '#test/governance/enrolling.ts';
import { allOf, damage } from '#test/workers/overdue.ts';
import { ending, inserted } from '#test/workers/stream.ts';

const done = { again: undefined, passedOver: 0 };
const items = nineItems();
/** Of an enrolment that was scheduled: it is dispatched and begun, then applies item by item. */
const STEPS = 2 + items.length;

interface Staged {
  readonly estate: DirectoryEstate;
  readonly uid: number;
  readonly BaselineId: string;
}

/** An enrolment that was scheduled, of a member with all items under a baseline of its own. */
async function staged(): Promise<Staged> {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const BaselineId = await baselined(estate, flat(items));
  const params = { 'Accounts.1.AccountUid': AccountId, BaselineId };
  await governed(estate, estate.parent, 'BatchEnrollAccounts', params);
  return { estate, uid: Number(AccountId), BaselineId };
}

async function eventsOf({ deps }: DirectoryEstate, uid: number): Promise<string[]> {
  return (await deps.ledger.ofSubject('enrolment', uid, 50)).map(({ event }) => event).toReversed();
}

/** What an enrolment has done, each thing once, however it came about. */
async function expectDone({ BaselineId, estate, uid }: Staged): Promise<void> {
  const { Progress, Status } = await enrolment(estate, uid);
  expect(Status).toBe('Finished');
  expect(Progress.every((item: { Status: string }) => item.Status === 'Finished')).toBe(true);
  const applied = Array.from({ length: items.length - 1 }, () => 'apply');
  expect(await eventsOf(estate, uid)).toEqual(['schedule', 'dispatch', 'begin', ...applied, 'finish']);
  const configuration = await configurationOf(estate, uid);
  expect(Object.keys(configuration).toSorted()).toEqual(items.map(({ Name }) => Name).toSorted());
  expect(configuration[networks]).toMatchObject({ Vpcs: [{ Name: 'vpc-a', VSwitches: [{ Name: 'vsw-a' }] }] });
  expect(await allOf(estate, 'claim')).toMatchObject([{ uid }]);
  expect((await allOf(estate, 'enrolment'))[0]).not.toHaveProperty('due');
  const { status } = await govern(estate, estate.parent, 'DeleteAccountFactoryBaseline', { BaselineId });
  expect(status).toBe(400);
}

const swept = (estate: DirectoryEstate) => sweep.run({ deps: estate.anotherProcess() }, () => 1000);

describe('an enrolment', () => {
  it.each(Array.from({ length: STEPS }, (_, nth) => nth))(
    'ends, and applies each item once, where the worker of step %i ends before or after its write',
    async (most) => {
      const one = await staged();
      const { estate } = one;
      await settle(estate, { most });
      const [step] = (await stepsOf(estate)).slice(-1);
      if (step === undefined) throw new Error('no step is left');
      for (const when of ['before', 'after'] as const) {
        const again = step.dynamodb?.SequenceNumber;
        expect(await take(estate, [step], workerOf(ending(estate, when)))).toEqual({ ...done, again });
      }
      await settle(estate, { worker: workerOf(estate.anotherProcess()) });
      await expectDone(one);
    },
  );

  it('ends after as many deliveries as it has steps, though all come again, in any order and side by side', async () => {
    const one = await staged();
    const { estate } = one;
    for (let round = 0; round < STEPS; round++) {
      const steps = await stepsOf(estate);
      const orders = [steps, steps.toReversed(), [...steps, ...steps]];
      await Promise.all(orders.map((records) => take(estate, records, workerOf(estate.anotherProcess()))));
    }
    await expectDone(one);
    expect(await take(estate, (await stepsOf(estate)).toReversed())).toEqual(done);
    await expectDone(one);
    // Each step calls for one more at most, however often it was taken.
    expect(await stepsOf(estate)).toHaveLength(STEPS);
  });

  it.each([0, 1, 2, 6, STEPS - 1])('goes on after a while where the stream never delivers step %i', async (most) => {
    const one = await staged();
    const { estate } = one;
    await settle(estate, { most });
    const lost = (await stepsOf(estate)).length;
    expect(await swept(estate)).toMatchObject({ found: 0 });
    estate.advance(STALLED_AFTER_MS);
    expect(await swept(estate)).toMatchObject({ found: 1, expired: 1, failed: 0 });
    expect(await swept(estate)).toMatchObject({ found: 0 });
    const later = (await stepsOf(estate)).slice(lost);
    expect(later).toHaveLength(1);
    expect(await take(estate, later)).toEqual(done);
    await settle(estate);
    await expectDone(one);
    expect(await swept(estate)).toMatchObject({ found: 0 });
  });

  it('is not held up by a row that cannot be read, which is counted, nor by another account that fails for now', async () => {
    const estate = await newDirectoryEstate();
    const [uid, other] = [await enrolled(estate, newAccount('dev')), await enrolled(estate, newAccount('ops'))];
    const damaged = inserted({ pk: 'ENROLMENTSTEP#1', sk: 'STEP#0', type: 'enrolmentStep', uids: 'x' }, '99');
    const deps = estate.anotherProcess();
    const failing = {
      ...deps,
      table: {
        ...deps.table,
        query(...args: Parameters<Table['query']>) {
          if (JSON.stringify(args).includes(enrolmentKey(uid).pk)) throw new Error('broken');
          return deps.table.query(...args);
        },
      },
    };
    const steps = await stepsOf(estate);
    const own = steps.find(({ dynamodb }) => JSON.stringify(dynamodb?.NewImage).includes(String(uid)));
    const again = own?.dynamodb?.SequenceNumber;
    expect(await take(estate, [damaged, ...steps], workerOf(failing))).toEqual({ again, passedOver: 1 });
    expect((await enrolment(estate, uid)).Status).toBe('Pending');
    expect((await enrolment(estate, other)).Status).toBe('Running');
  });

  it.each(['enrolment', 'enrolmentPlan'])('whose row of type %s is damaged holds up no other', async (type) => {
    const estate = await newDirectoryEstate();
    const [uid, other] = [await enrolled(estate, newAccount('dev')), await enrolled(estate, newAccount('ops'))];
    await damage(estate, type, uid);
    expect(await take(estate, await stepsOf(estate))).toEqual({ ...done, passedOver: 1 });
    expect((await enrolment(estate, other)).Status).toBe('Running');
    expect(estate.logged.filter(({ level }) => level === 'error')).toContainEqual(
      expect.objectContaining({ job: 'advanceEnrolments', uid, error: expect.stringContaining(`of type ${type} `) }),
    );
  });

  it('of an account that there is none of is no step', async () => {
    const estate = await newDirectoryEstate();
    const row = { pk: 'ENROLMENTSTEP#1', sk: 'STEP#0', type: 'enrolmentStep', schema: 1, uids: [1] };
    expect(await take(estate, [inserted(row, '1')])).toEqual(done);
  });
});

it('an item takes one read and one transaction, of eleven write units; thirteen if it claims a name', async () => {
  const { estate } = await staged();
  await settle(estate, { most: 2 });
  const writeUnits: number[] = [];
  for (let item = 0; item < items.length; item++) {
    const step = (await stepsOf(estate)).slice(-1);
    const usage = unused();
    const before = estate.requests.length;
    await metered(usage, () => take(estate, step));
    const commands = estate.requests.slice(before).map(({ command }) => command);
    expect(commands).toEqual(['QueryCommand', 'TransactWriteItemsCommand']);
    expect(usage.readUnits).toBeLessThanOrEqual(2);
    writeUnits.push(usage.writeUnits);
  }
  // The last calls for no step.
  expect(writeUnits).toEqual([11, 11, 11, 11, 11, 11, 13, 11, 10]);
});

describe('an item that may succeed later', () => {
  const failure = { product: 'Vpc', code: 'ServiceUnavailable', message: 'Later.' };

  /** A provider that applies nothing before so many attempts. */
  function failingUntil(attempts: number): Provider & { tried: number } {
    const applying = providerOf();
    return {
      tried: 0,
      async apply(...args) {
        this.tried++;
        return this.tried < attempts ? { is: 'unavailable', failure } : applying.apply(...args);
      },
    };
  }

  it('is tried again after a while, which grows', async () => {
    const estate = await newDirectoryEstate();
    const uid = await enrolled(estate);
    const provider = failingUntil(3);
    const worker = workerOf(estate.deps, { provider });
    await settle(estate, { worker });
    for (const [tried, restMs] of [
      [1, 2000],
      [2, 4000],
    ] as const) {
      expect(provider.tried).toBe(tried);
      expect((await enrolment(estate, uid)).Status).toBe('Running');
      // A step that comes late does not shorten the rest.
      await take(estate, await stepsOf(estate), worker);
      estate.advance(restMs - 1);
      expect(await swept(estate)).toMatchObject({ found: 0 });
      estate.advance(1);
      expect(await swept(estate)).toMatchObject({ found: 1, expired: 1 });
      await settle(estate, { worker });
    }
    expect((await enrolment(estate, uid)).Status).toBe('Finished');
    const events = ['enroll', 'begin', 'postpone', 'resume', 'postpone', 'resume', 'apply', 'finish'];
    expect(await eventsOf(estate, uid)).toEqual(events);
  });

  it('is given up after six attempts, with the reason of the last', async () => {
    const estate = await newDirectoryEstate();
    const uid = await enrolled(estate);
    const provider = failingUntil(100);
    const worker = workerOf(estate.deps, { provider });
    for (let attempt = 0; attempt < 10; attempt++) {
      await settle(estate, { worker });
      estate.advance(60_000);
      await swept(estate);
    }
    expect(provider.tried).toBe(6);
    const { ErrorInfo, Status } = await enrolment(estate, uid);
    expect(Status).toBe('Failed');
    expect(ErrorInfo).toMatchObject({ Code: failure.code, Message: failure.message });
  });
});

it('an item that the provider trips over is logged and tried again, and holds up no other account', async () => {
  const estate = await newDirectoryEstate();
  const [uid, other] = [await enrolled(estate, newAccount('dev')), await enrolled(estate, newAccount('ops'))];
  const applying = providerOf();
  const provider: Provider = {
    async apply(item, target) {
      if (target.uid === uid) throw new Error('out of order');
      return applying.apply(item, target);
    },
  };
  const worker = workerOf(estate.deps, { provider });
  for (let attempt = 0; attempt < 7; attempt++) {
    await settle(estate, { worker });
    expect((await enrolment(estate, other)).Status).toBe('Finished');
    estate.advance(60_000);
    await swept(estate);
  }
  expect(await enrolment(estate, uid)).toMatchObject({ Status: 'Failed', ErrorInfo: { Code: 'ItemUnavailable' } });
  const logged = estate.logged.filter(({ error }) => String(error).includes('out of order'));
  expect(logged).toHaveLength(6);
  expect(logged[0]).toMatchObject({ level: 'error', uid, item: passwordPolicy });
});

describe('an item that is handed over', () => {
  it('goes out as an event with all that is needed to apply it, and waits', async () => {
    const estate = await newDirectoryEstate();
    const item = { Name: passwordPolicy, Config: '{"MinimumPasswordLength":12}' };
    const uid = await handedOver(estate, { ...newAccount('dev'), ...flat([item]) });
    const { Progress, Status } = await enrolment(estate, uid);
    expect([Status, Progress[0].Status]).toEqual(['Running', 'Running']);
    const [event] = await estate.deps.ledger.ofSubject('enrolment', uid, 1);
    expect(event).toMatchObject({
      event: 'handOver',
      to: 'awaiting',
      facts: { item: item.Name, version: '1.0', config: item.Config },
    });
    expect(await take(estate, await stepsOf(estate))).toEqual(done);
    expect((await eventsOf(estate, uid)).filter((one) => one === 'handOver')).toHaveLength(1);
  });

  it('fails the enrolment if nobody reports in time', async () => {
    const estate = await newDirectoryEstate();
    const uid = await handedOver(estate);
    estate.advance(REPORT_TTL_MS);
    expect(await swept(estate)).toMatchObject({ found: 1, expired: 1 });
    expect(await swept(estate)).toMatchObject({ found: 0 });
    expect(await enrolment(estate, uid)).toMatchObject({
      Status: 'Failed',
      Initialized: false,
      ErrorInfo: { Code: 'ItemTimedOut' },
    });
    expect((await eventsOf(estate, uid)).at(-1)).toBe('timeOut');
  });
});

it('what an account would be given beyond what a row bears fails the item', async () => {
  const estate = await newDirectoryEstate();
  const long = (nth: number) => ({
    Key: `k${nth}`,
    Values: Array.from({ length: 200 }, (_, n) => `${n}-${'v'.repeat(120)}`),
  });
  let uid = await enrolled(estate);
  await settle(estate);
  let Status = '';
  for (let round = 0; round < 20 && Status !== 'Failed'; round++) {
    const Config = JSON.stringify({ PresetTags: [long(round)] });
    uid = await enrolled(estate, { AccountUid: uid, ...flat([{ Name: 'ACS-BP_ACCOUNT_FACTORY_PRESET_TAG', Config }]) });
    await settle(estate);
    ({ Status } = await enrolment(estate, uid));
  }
  expect((await enrolment(estate, uid)).ErrorInfo).toMatchObject({ Code: 'LimitExceeded.Configuration' });
});
