import { describe, expect, it } from 'vitest';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import type { Parties } from '#test/bss/parties.ts';
import type { Params } from '#test/support/estate.ts';
import { bytesOf, mutations, requestWith, stageMutation } from '#test/support/everyMutation.ts';
import { type Example, type Way, waysOf } from '#test/support/examples.ts';
import { allOf } from '#test/workers/overdue.ts';
import { fakeBus, streamOf } from '#test/workers/stream.ts';

const byOperators = mutations.filter(({ access }) => access !== 'account');

/** What each operator mutation acts on, and how its record names that: by its parameters alone, and by its answer too. */
const expected: Readonly<
  Record<
    string,
    {
      subject: string;
      asked: (params: Params) => string | undefined;
      done: (event: Readonly<Record<string, unknown>>) => string;
    }
  >
> = {
  AllocateCredit: {
    subject: 'relation',
    asked: ({ ParentUid, ChildUid }) => `account ${ParentUid}, account ${ChildUid}`,
    done: ({ owners }) =>
      [owners]
        .flat()
        .map((uid) => `account ${uid}`)
        .join(', '),
  },
  IssueAccessKey: {
    subject: 'accessKey',
    asked: ({ AccessKeyId, Uid }) => `${AccessKeyId ? `accessKey ${AccessKeyId} of ` : ''}${holderOf(Uid)}`,
    done: ({ facts, id }) => `accessKey ${id} of ${holderOf(Object(facts).uid)}`,
  },
  PutAccountFactory: {
    subject: 'directory',
    asked: ({ Uid }) => `account factory of account ${Uid}`,
    done: ({ owners }) => `account factory of account ${owners}`,
  },
  PutAccountStanding: { subject: 'account', asked: ({ Uid }) => `account ${Uid}`, done: ({ id }) => `account ${id}` },
  PutDirectoryQuotas: {
    subject: 'directory',
    asked: ({ Uid }) => `directory of account ${Uid}`,
    done: ({ owners }) => `directory of account ${owners}`,
  },
  RegisterAccount: {
    subject: 'account',
    asked: ({ Uid }) => (Uid === undefined ? undefined : `account ${Uid}`),
    done: ({ id }) => `account ${id}`,
  },
  ReportBaselineItem: {
    subject: 'enrolment',
    asked: ({ Name, Uid }) => `${Name} of account ${Uid}`,
    done: ({ facts, id }) => `${Object(facts).item} of account ${id}`,
  },
  RevokeAccessKey: {
    subject: 'accessKey',
    asked: ({ AccessKeyId }) => `accessKey ${AccessKeyId}`,
    done: ({ id }) => `accessKey ${id}`,
  },
};

const cases = byOperators.flatMap((mutation) =>
  waysOf(mutation).map((way, index) => [mutation.action, index + 1, mutation, way] as const),
);

function holderOf(uid: unknown): string {
  return uid === undefined ? 'operators' : `account ${uid}`;
}

function expectedOf({ action }: Operation) {
  const found = expected[action];
  if (found === undefined) throw new Error(`nothing is expected of ${action}`);
  return found;
}

/** The events of a fresh estate that a call leaves, and what there was and is of secrets. */
async function left(mutation: Operation, way: Way, options: Params = {}) {
  const { estate, example } = await stageMutation(mutation, way);
  const before = new Set((await allOf(estate, 'event')).map(({ eventId }) => eventId));
  const answer = await bytesOf(estate, requestWith(mutation, example, options));
  const events = (await allOf(estate, 'event')).filter(({ eventId }) => !before.has(eventId));
  return { answer, estate, events, example, record: estate.logged.at(-1) };
}

/** Every secret that the call was given, answered or has stored, in whatever form. */
async function secretsOf(estate: Parties, { by, params }: Example, text: string): Promise<string[]> {
  const answered = text.match(/(?<="AccessKeySecret":")[^"]+/g) ?? [];
  const sealed = (await estate.dump()).flatMap((row) => [row['sealedSecret'], row['sealed']]);
  const all = [by.secret, params['AccessKeySecret'], ...answered, ...sealed];
  return all.filter((secret) => typeof secret === 'string');
}

it('it is known of every mutation of operators what it acts on', () => {
  expect(Object.keys(expected)).toEqual(byOperators.map(({ action }) => action).toSorted());
});

describe.each(cases)('%s, called in way %i,', (action, _, mutation, way) => {
  const { asked, done, subject } = expectedOf(mutation);

  it('leaves one event of its subject, which names the key of the operator and is published', async () => {
    const { answer, estate, events, example } = await left(mutation, way);
    expect(answer.status).toBe(200);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ subject, action, actor: 'operator', actorKeyId: example.by.keyId });
    const bus = fakeBus();
    const outcome = await publishEvents.run({ deps: estate.deps, bus }, await streamOf(estate));
    expect(outcome).toEqual({ again: undefined, passedOver: 0 });
    expect(bus.heard.at(-1)).toMatchObject({ id: events[0]?.['eventId'], action, actorKeyId: example.by.keyId });
    // It was filed, or left to nobody, when it was written: the publisher has nothing to add.
    expect((await allOf(estate, 'event')).find(({ eventId }) => eventId === events[0]?.['eventId'])).toEqual(events[0]);
  });

  it('leaves no secret in its event, its record or on the bus, not even a sealed one', async () => {
    const { answer, estate, events, example, record } = await left(mutation, way, { ClientToken: 'once' });
    const bus = fakeBus();
    await publishEvents.run({ deps: estate.deps, bus }, await streamOf(estate));
    const secrets = await secretsOf(estate, example, answer.text);
    expect(secrets.length).toBeGreaterThan(1);
    const told = JSON.stringify([events, record, estate.logged, bus.heard]);
    for (const secret of secrets) expect(told).not.toContain(secret);
  });

  it('is recorded with what it acted on', async () => {
    const { events, record } = await left(mutation, way);
    expect(record).toMatchObject({ action, code: 'OK', target: done(events[0] ?? {}) });
  });

  it('is recorded with what was asked for, and leaves no event, when nothing comes of it', async () => {
    const { events, example, record } = await left(mutation, way, { DryRun: true });
    expect(record).toMatchObject({ action, reason: 'DryRunPassed' });
    expect(record?.['target']).toBe(asked(example.params));
    expect(events).toEqual([]);
  });

  it('leaves no event, and no id that was never given out, when it repeats another', async () => {
    const { answer, estate, example } = await left(mutation, way, { ClientToken: 'once' });
    const before = await allOf(estate, 'event');
    const repeated = requestWith(mutation, example, { ClientToken: 'once' });
    expect((await bytesOf(estate, repeated, estate.anotherProcess())).text).toBe(answer.text);
    expect(await allOf(estate, 'event')).toEqual(before);
    expect(estate.logged.at(-1)?.['target']).toBe(asked(example.params));
  });
});
