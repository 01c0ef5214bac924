import { describe, expect, test } from 'vitest';
import type { StreamJob, StreamOutcome, StreamRecord } from '#lib/jobs/job.ts';
import { shared } from '#lib/jobs/shared.ts';
import { newEstate } from '#test/support/estate.ts';
import { inserted } from '#test/workers/stream.ts';

const done: StreamOutcome = { again: undefined, passedOver: 0 };
const numbersOf = (records: readonly StreamRecord[]) => records.map(({ dynamodb }) => dynamodb?.SequenceNumber);

/** A job that notes what it gets and answers with the given outcome. */
function toyJob(name: string, of: readonly string[], outcome: () => StreamOutcome = () => done) {
  const got: unknown[] = [];
  const job: StreamJob<'bus'> = {
    name,
    trigger: 'stream',
    of,
    needs: ['bus'],
    async run(_, records) {
      got.push(...numbersOf(records));
      return outcome();
    },
  };
  return { got, job };
}

const records = [
  inserted({ pk: 'A', sk: 'A', type: 'event' }, '1'),
  inserted({ pk: 'B', sk: 'B', type: 'mail' }, '2'),
  { ...inserted({ pk: 'C', sk: 'C', type: 'mail' }, '3'), eventName: 'MODIFY' },
  inserted({ pk: 'D', sk: 'D', type: 'nonce' }, '4'),
  inserted({ pk: 'E', sk: 'E', type: 'event' }, '5'),
  inserted({ pk: 'F', sk: 'F', type: 'mail' }, '6'),
];

async function run(...jobs: StreamJob<'bus'>[]) {
  const { deps, logged } = await newEstate();
  const outcome = await shared('both', jobs).run({ deps, bus: { publish: async () => [] } }, records);
  return { outcome, logged };
}

describe('jobs that share a reader of the stream', () => {
  test('are one job, which follows and needs what each of them does', () => {
    const { job: one } = toyJob('one', ['event']);
    const { job: other } = toyJob('other', ['event', 'mail']);
    expect(shared('both', [one, other])).toMatchObject({
      name: 'both',
      trigger: 'stream',
      of: ['event', 'mail'],
      needs: ['bus'],
    });
  });

  test('get each the insertions of its own row types, in order', async () => {
    const events = toyJob('events', ['event']);
    const mails = toyJob('mails', ['mail']);
    const { outcome } = await run(events.job, mails.job);
    expect(events.got).toEqual(['1', '5']);
    expect(mails.got).toEqual(['2', '6']);
    expect(outcome).toEqual(done);
  });

  test('do not run for a batch that has nothing for them', async () => {
    const members = toyJob('members', ['member'], () => ({ again: '1', passedOver: 1 }));
    expect((await run(members.job)).outcome).toEqual(done);
    expect(members.got).toEqual([]);
  });

  test('are delivered again from the earliest place that one of them names; what cannot be read is added up', async () => {
    const events = toyJob('events', ['event'], () => ({ again: '5', passedOver: 1 }));
    const mails = toyJob('mails', ['mail'], () => ({ again: '2', passedOver: 2 }));
    expect((await run(events.job, mails.job)).outcome).toEqual({ again: '2', passedOver: 3 });
    expect((await run(events.job, toyJob('mails', ['mail']).job)).outcome).toEqual({ again: '5', passedOver: 1 });
  });

  test('of which one throws go on without it: the others finish, and its records come again', async () => {
    const events = toyJob('events', ['event']);
    const mails = toyJob('mails', ['mail'], () => {
      throw new Error('the mail server is down');
    });
    const { logged, outcome } = await run(mails.job, events.job);
    expect(events.got).toEqual(['1', '5']);
    expect(outcome).toEqual({ again: '2', passedOver: 0 });
    expect(logged).toMatchObject([{ level: 'error', job: 'mails', error: 'Error: the mail server is down' }]);
  });
});
