import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { job } from '#functions/workers/publishEvents.ts';
import { accountRecordMachine } from '#lib/domain/directory/accountRecord.ts';
import { deletionCheckMachine, deletionMachine } from '#lib/domain/directory/deletion.ts';
import { memberMachine } from '#lib/domain/directory/member.ts';
import { enrolmentMachine } from '#lib/domain/governance/enrolment.ts';
import { type RelationEvent, relationMachine } from '#lib/domain/relation/relation.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';
import { streamHandler } from '#lib/lambda/jobHandlers.ts';
import {
  add,
  confirm,
  eventsOf,
  modify,
  newParties,
  type Parties,
  relieve,
  succeeded,
  WAIT_MS,
} from '#test/bss/parties.ts';
import { asked, confirmed, promoting } from '#test/directory/asking.ts';
import { created, directed, enabled, foldered } from '#test/directory/calls.ts';
import { askDeletion, permitted, settle } from '#test/directory/deletions.ts';

import { governed, passwordPolicy } from '#test/governance/calls.ts';
import { handedOver } from '#test/governance/enrolling.ts';

import type { Answer } from '#test/support/estate.ts';
import { bytesOf, mutations, requestWith } from '#test/support/everyMutation.ts';
import { countedMembers } from '#test/support/examples/staging.ts';
import { allOf } from '#test/workers/overdue.ts';
import { deduplicated, type FakeBus, fakeBus, inserted, streamOf } from '#test/workers/stream.ts';

const codes = ['CHECK_FINANCE_INFO'];
const more = [...codes, 'MANAGE_TARGET_INVOICE'];

/** Two relations with alternating events: invited, accepted, ended; invited, declined. */
async function alternating(estate: Parties): Promise<{ readonly first: number; readonly second: number }> {
  const { child, parent, stranger } = estate;
  const first = await add(estate, parent, child, { PermissionCodes: codes });
  const second = await add(estate, parent, stranger, { PermissionCodes: codes });
  succeeded(await confirm(estate, child, first, 'child_agree', codes));
  succeeded(await confirm(estate, stranger, second, 'child_disagree', codes));
  succeeded(await relieve(estate, parent, first));
  return { first, second };
}

/** Has everything happen to a directory, its folders and its members of which events say something. */
async function directing(estate: Parties): Promise<void> {
  const { call, operator, parent } = estate;
  const directory = await enabled(estate);
  const ParentFolderId = await foldered(estate, 'Apps');
  // Its folder is gone by the time it is confirmed.
  const { RecordId } = await asked(directory, { ParentFolderId });
  await directed(estate, parent, 'DeleteFolder', { FolderId: ParentFolderId });
  await confirmed(estate, RecordId);
  await promoting(directory);
  const { AccountId } = await created(estate, 'Ops');
  const DestinationFolderId = await foldered(estate, 'Apps');
  await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Members: 30 });
  await directed(estate, parent, 'MoveAccount', { AccountId, DestinationFolderId });
  await directed(estate, parent, 'UpdateAccount', { AccountId, NewDisplayName: 'Tools' });
  await directed(estate, parent, 'UpdateAccount', { AccountId, NewAccountType: 'CloudAccount' });
  await directed(estate, parent, 'EnableControlPolicy');
  await directed(estate, parent, 'TagResources', {
    ResourceType: 'Account',
    'ResourceId.1': AccountId,
    'Tag.1.Key': 'team',
  });
  await call(operator, 'IssueAccessKey', { Uid: AccountId, Root: true });
  await permitted(directory);
  const { AccountId: busy } = await created(estate, 'Busy');
  await call(operator, 'PutAccountStanding', { Uid: busy, OpenOrders: 1 });
  const { AccountId: gone } = await created(estate, 'Gone');
  await directed(estate, parent, 'CheckAccountDelete', { AccountId: gone });
  for (const uid of [busy, gone]) {
    await settle(estate);
    await askDeletion(directory, uid);
  }
  await settle(estate);
  await call(operator, 'PutAccountFactory', { Uid: parent.uid, Status: 'Suspended' });
  await governed(estate, parent, 'CreateAccountFactoryBaseline', { BaselineName: 'Landing' });
}

/** Has an item handed over, and reported on in vain. */
async function enrolling(estate: Parties): Promise<void> {
  const { call, operator, parent } = estate;
  await call(operator, 'PutAccountFactory', { Uid: parent.uid, Status: 'Ready' });
  const Uid = await handedOver(estate);
  const report = { Uid, Name: passwordPolicy, Status: 'Failed' };
  expect((await call(operator, 'ReportBaselineItem', report)).status).toBe(200);
}

async function listed({ call, operator }: Parties, Uid: number): Promise<string[]> {
  const { body } = await call(operator, 'ListEvents', { Uid });
  return body.Events.map(({ Event }: { Event: string }) => Event);
}

/** Delivers the stream as DynamoDB does: from the last failure on, until all of it is taken. */
async function delivered(
  estate: Parties,
  bus: FakeBus,
  stream: readonly StreamRecord[],
  batch: number,
): Promise<number> {
  let next = 0;
  let deliveries = 0;
  while (next < stream.length) {
    const records = stream.slice(next, next + batch);
    if (++deliveries > 200) throw new Error('the stream never comes to its end');
    try {
      const { again } = await job.run({ deps: estate.deps, bus }, records);
      const failedAt = records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === again);
      next += again === undefined ? records.length : failedAt;
    } catch {
      // The whole function failed, so the whole batch comes again.
    }
  }
  return deliveries;
}

/** The outcome when all events of a batch were published. */
const done = { again: undefined, passedOver: 0 };

describe('with each transition', () => {
  it('one event is written, and the machine has no transition without', async () => {
    const estate = await newParties();
    const { child, parent, sibling, stranger } = estate;
    const seen: RelationEvent[] = [];
    const step = async (event: RelationEvent, id: number, work?: Promise<Answer>) => {
      if (work) succeeded(await work);
      seen.push(event);
      const { from, to } = relationMachine.transitions[event];
      expect((await eventsOf(estate, id)).at(-1)).toMatchObject({ event, from, to });
      expect(await allOf(estate, 'event')).toHaveLength(seen.length);
    };
    const invite = async (by = child) => {
      const id = await add(estate, parent, by, { PermissionCodes: codes });
      await step('invite', id);
      return id;
    };
    const swept = async (event: RelationEvent, id: number) => {
      estate.advance(WAIT_MS);
      await expireInvitations.run({ deps: estate.deps }, () => 60_000);
      await step(event, id);
    };

    const established = await add(estate, parent, sibling, { PermissionCodes: codes });
    await step('establish', established);
    await step('change', established, modify(estate, parent, established, 'ADD', more));
    await step('end', established, relieve(estate, parent, established));

    let id = await invite();
    await step('decline', id, confirm(estate, child, id, 'child_disagree', codes));
    id = await invite();
    await step('withdraw', id, confirm(estate, parent, id, 'parent_cancel', codes));
    await swept('expire', await invite());
    id = await invite(stranger);
    await step('accept', id, confirm(estate, stranger, id, 'child_agree', codes));
    for (const [event, by, code] of [
      ['declineChange', stranger, 'child_disagree'],
      ['withdrawChange', parent, 'parent_cancel'],
      ['acceptChange', stranger, 'child_agree'],
    ] as const) {
      await step('proposeChange', id, modify(estate, parent, id, 'ADD', more));
      await step(event, id, confirm(estate, by, id, code, more));
    }
    await step('proposeChange', id, modify(estate, parent, id, 'DELETE', codes));
    await swept('lapseChange', id);
    expect(new Set(seen)).toEqual(new Set(Object.keys(relationMachine.transitions)));
  });

  it('goes the id of the call, as its answer has it', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    for (const [action, params] of [
      ['CreateFinancialRelation', { SubAccountID: child.uid, Relation: 4, AuthListStr: '2' }],
      ['AddAccountRelation', { RelationType: 'enterprise_group', ParentUserId: parent.uid, RequestId: 'my own' }],
    ] as const) {
      const mutation = mutations.find((one) => one.action === action);
      if (mutation === undefined) throw new Error(`there is no ${action}`);
      const whole = { ChildUserId: estate.sibling.uid, PermissionCodes: codes, ...params };
      const { headers } = await bytesOf(estate, requestWith(mutation, { by: parent, params: whole }, {}));
      const requestId = headers['x-acs-request-id'] ?? headers['x-tt-logid'];
      const events = await allOf(estate, 'event');
      expect(events.filter((event) => event['requestId'] === requestId)).toHaveLength(1);
    }
  });
});

describe('what is published', () => {
  it('is who did what when, to whose relation, from which status to which', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const { first } = await alternating(estate);
    const bus = fakeBus();
    expect(await job.run({ deps: estate.deps, bus }, await streamOf(estate))).toEqual(done);
    const [, , accepted] = await allOf(estate, 'event').then((events) =>
      events.toSorted((one, other) => (String(one['eventId']) < String(other['eventId']) ? -1 : 1)),
    );
    expect(bus.heard.find(({ type }) => type === 'accept')).toStrictEqual({
      id: accepted?.['eventId'],
      type: 'accept',
      time: '2025-03-02T15:12:34.567Z',
      relationId: first,
      parentUid: parent.uid,
      childUid: child.uid,
      actor: child.uid,
      action: 'ConfirmRelation',
      from: 'inviting',
      to: 'active',
      requestId: accepted?.['requestId'],
    });
  });

  it('has the fields that docs/events.md documents, and no other', async () => {
    const estate = await newParties();
    const { call, child, operator, parent, sibling } = estate;
    await add(estate, parent, sibling, { PermissionCodes: ['SYNCHRONIZE_FINANCE_IDENTITY'] });
    for (const [action, params] of [
      ['InitResourceDirectory', {}],
      ['InviteAccountToResourceDirectory', { TargetEntity: parent.uid, TargetType: 'Account' }],
    ] as const) {
      const mutation = mutations.find((one) => one.action === action);
      if (mutation === undefined) throw new Error(`there is no ${action}`);
      const { status } = await bytesOf(estate, requestWith(mutation, { by: sibling, params }, {}));
      expect(status, action).toBe(200);
    }
    const uids = { Uid: parent.uid, ParentUid: parent.uid, ChildUid: sibling.uid };
    const troubled = { Uid: child.uid, Arrears: 1, OpenOrders: 1, Frozen: true };
    for (const [action, params] of [
      ['PutAccountStanding', { ...uids, AvailableBalance: 100 }],
      ['AllocateCredit', { ...uids, Amount: 40 }],
      ['PutAccountStanding', troubled],
      ['RegisterAccount', { Name: 'new@test' }],
      ['IssueAccessKey', { Uid: child.uid }],
      ['RevokeAccessKey', { AccessKeyId: child.keyId }],
    ] as const) {
      expect((await call(operator, action, params)).status, action).toBe(200);
    }
    await directing(estate);
    await enrolling(estate);
    const bus = fakeBus();
    await job.run({ deps: estate.deps, bus }, await streamOf(estate));
    const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| ((?:string|number|boolean).*?) \| /gm)];
    const fields = new Map(
      rows.flatMap(([, names = '', type]) => names.split(', ').map((name) => [name.slice(1, -1), type] as const)),
    );
    const heard = bus.heard.map((event) => Object.entries(event));
    const [established] = heard;
    expect([...new Set(heard.flat().map(([name]) => name))].toSorted()).toEqual([...fields.keys()].toSorted());
    for (const [name, value] of heard.flat()) expect(fields.get(name), name).toContain(typeof value);
    const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
    expect(Object.keys(example)).toEqual(established?.map(([name]) => name));
    const documentedTypes = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| [A-Z]/gm)].join();
    const heardTypes = bus.heard.map(({ type }) => type);
    const machines = [
      relationMachine,
      memberMachine,
      accountRecordMachine,
      deletionCheckMachine,
      deletionMachine,
      enrolmentMachine,
    ];
    const moves = machines.flatMap(({ transitions }) => Object.keys(transitions));
    for (const type of [...moves, ...heardTypes, 'cleanUp']) {
      expect(documentedTypes, type).toContain(`\`${type}\``);
    }
  });
});

describe('each event is published at least once, and once to who drops duplicates,', () => {
  const crashes: [string, (bus: FakeBus) => void][] = [
    ['though nothing goes wrong', () => undefined],
    [
      'though the bus is down every other time',
      (bus) => {
        let calls = 0;
        bus.breaks = () => ++calls % 2 === 1;
      },
    ],
    [
      'though the bus refuses each event at first',
      (bus) => {
        const refused = new Set<string>();
        bus.refuses = ({ id }) => !refused.has(id) && refused.add(id).has(id);
      },
    ],
    [
      'though the bus takes events and the publisher crashes before it hears of it',
      (bus) => {
        const { publish } = bus;
        let calls = 0;
        bus.publish = async (events) => {
          const refused = await publish(events);
          if (++calls % 3 !== 0) throw new Error('the publisher has crashed');
          return refused;
        };
      },
    ],
  ];

  it.each(crashes.flatMap(([name, damage]) => [1, 2, 100].map((batch) => [name, batch, damage] as const)))(
    '%s, in batches of %s',
    async (_, batch, damage) => {
      const estate = await newParties();
      const { first, second } = await alternating(estate);
      const stream = await streamOf(estate);
      const bus = fakeBus();
      damage(bus);
      await delivered(estate, bus, stream, batch);
      const told = deduplicated(bus.heard);
      expect(told).toHaveLength(stream.length);
      const typesOf = (id: number) => told.filter(({ relationId }) => relationId === id).map(({ type }) => type);
      expect(typesOf(first)).toEqual(['invite', 'accept', 'end']);
      expect(typesOf(second)).toEqual(['invite', 'decline']);
      expect(await listed(estate, estate.child.uid)).toEqual(['end', 'accept', 'invite']);
      expect(await listed(estate, estate.parent.uid)).toHaveLength(stream.length);
    },
  );

  it('though it crashes between filing an event and publishing it', async () => {
    const estate = await newParties();
    await alternating(estate);
    const stream = await streamOf(estate);
    const bus = fakeBus();
    bus.breaks = () => true;
    expect(await job.run({ deps: estate.deps, bus }, stream)).toEqual({ ...done, again: '100' });
    expect(estate.logged).toContainEqual({ level: 'error', job: 'publishEvents', error: 'Error: the bus is down' });
    expect(await listed(estate, estate.parent.uid)).toHaveLength(5);
    bus.breaks = () => false;
    expect(await job.run({ deps: estate.anotherProcess(), bus }, stream)).toEqual(done);
    expect(bus.heard).toHaveLength(5);
    expect(await listed(estate, estate.parent.uid)).toHaveLength(5);
  });

  it('though it crashes when it has published, before it answers', async () => {
    const estate = await newParties();
    await alternating(estate);
    const stream = await streamOf(estate);
    const bus = fakeBus();
    const log = () => {
      throw new Error('the publisher has crashed');
    };
    const crashing = { ...estate.deps, ports: { ...estate.deps.ports, log } };
    await expect(job.run({ deps: crashing, bus }, stream)).rejects.toThrow('crashed');
    expect(await job.run({ deps: estate.deps, bus }, stream)).toEqual(done);
    expect(bus.heard).toHaveLength(10);
    expect(deduplicated(bus.heard)).toHaveLength(5);
  });

  it('though two publishers are at it at once', async () => {
    const estate = await newParties();
    await alternating(estate);
    const stream = await streamOf(estate);
    const buses = [fakeBus(), fakeBus(), fakeBus()];
    await Promise.all(buses.map((bus) => job.run({ deps: estate.anotherProcess(), bus }, stream)));
    for (const { heard } of buses) expect(heard).toHaveLength(5);
    expect(await listed(estate, estate.parent.uid)).toHaveLength(5);
  });

  it('though filing it collides with another transaction', async () => {
    const estate = await newParties();
    await alternating(estate);
    const collided = new Set<string>();
    const { table } = estate.deps;
    const colliding = {
      ...table,
      transact: async (actions: Parameters<typeof table.transact>[0]) => {
        const what = JSON.stringify(actions);
        if (collided.has(what)) return table.transact(actions);
        collided.add(what);
        return [{ code: 'TransactionConflict', message: '', old: undefined }];
      },
    };
    const bus = fakeBus();
    expect(await job.run({ deps: { ...estate.deps, table: colliding }, bus }, await streamOf(estate))).toEqual(done);
    // Only the two answers and the end do not know the parties beforehand.
    expect(collided.size).toBe(3);
    expect(await listed(estate, estate.parent.uid)).toHaveLength(5);
  });
});

describe('a batch', () => {
  it('tells what could be filed, though something could not be', async () => {
    const estate = await newParties();
    const { first } = await alternating(estate);
    const { table } = estate.deps;
    const failing = {
      ...table,
      transact: async (actions: Parameters<typeof table.transact>[0]) => {
        if (JSON.stringify(actions).includes(`RELATION#${first}`)) throw new Error('it cannot be filed');
        return table.transact(actions);
      },
    };
    const bus = fakeBus();
    expect(await job.run({ deps: { ...estate.deps, table: failing }, bus }, await streamOf(estate))).toEqual({
      ...done,
      again: '100',
    });
    expect(bus.heard.map(({ relationId }) => relationId)).not.toContain(first);
    expect(bus.heard.map(({ type }) => type)).toEqual(['invite', 'decline']);
    expect(await job.run({ deps: estate.deps, bus }, await streamOf(estate))).toEqual(done);
    expect(deduplicated(bus.heard)).toHaveLength(5);
  });

  it('settles what has moved of a parent with much to list; if that fails all is told, and it is done with the next event after a while', async () => {
    const estate = await newParties();
    const { child, deps, parent, stranger } = estate;
    await countedMembers(estate);
    const unsettled = async () =>
      (await allOf(estate, 'relation')).filter((row) => 'countedAs' in row).map(({ id }) => id);
    const [first, second] = [
      await add(estate, parent, child, { PermissionCodes: codes }),
      await add(estate, parent, stranger, { PermissionCodes: codes }),
    ];
    succeeded(await confirm(estate, child, first, 'child_agree', codes));
    const before = await streamOf(estate);
    const failing = {
      ...deps.table,
      transact: async (actions: Parameters<typeof deps.table.transact>[0]) => {
        if (JSON.stringify(actions).includes('countedAs')) throw new Error('it cannot be settled');
        return deps.table.transact(actions);
      },
    };
    const bus = fakeBus();
    expect(await job.run({ deps: { ...deps, table: failing }, bus }, before)).toEqual(done);
    expect(bus.heard.map(({ type }) => type)).toContain('accept');
    expect(await unsettled()).toEqual([first]);
    estate.advance(WAIT_MS / 2);
    succeeded(await confirm(estate, stranger, second, 'child_disagree', codes));
    const later = (await streamOf(estate)).slice(before.length);
    expect(await job.run({ deps, bus }, later)).toEqual(done);
    expect(await unsettled()).toEqual([]);
  });

  it('tells events as the stream has them, but two of one transaction, which it may bring in any order, in theirs', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const id = await add(estate, parent, child, { PermissionCodes: codes });
    succeeded(await confirm(estate, child, id, 'child_agree', codes));
    succeeded(await modify(estate, parent, id, 'ADD', more));
    estate.advance(WAIT_MS);
    succeeded(await relieve(estate, parent, id));
    const [invite, accept, propose, lapse, end] = await streamOf(estate);
    if (!(invite && accept && propose && lapse && end)) throw new Error('there are five events');
    const bus = fakeBus();
    expect(await job.run({ deps: estate.deps, bus }, [invite, accept, propose, end, lapse])).toEqual(done);
    expect(bus.heard.map(({ type }) => type)).toEqual(['invite', 'accept', 'proposeChange', 'lapseChange', 'end']);
    const other = fakeBus();
    expect(await job.run({ deps: estate.deps, bus: other }, [accept, invite])).toEqual(done);
    expect(other.heard.map(({ type }) => type)).toEqual(['accept', 'invite']);
  });

  it('is delivered again from the first event that was not taken; others are told, later ones of its relation not', async () => {
    const estate = await newParties();
    const { first } = await alternating(estate);
    const bus = fakeBus();
    bus.refuses = ({ type, relationId }) => type === 'accept' && relationId === first;
    const handler = streamHandler(job, { deps: estate.deps, bus });
    const Records = await streamOf(estate);
    expect(await handler({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '102' }] });
    expect(bus.heard.map(({ type }) => type).toSorted()).toEqual(['decline', 'invite', 'invite']);
    bus.refuses = () => false;
    expect(await handler({ Records: Records.slice(2) })).toEqual({ batchItemFailures: [] });
    const types = deduplicated(bus.heard).filter(({ relationId }) => relationId === first);
    expect(types.map(({ type }) => type)).toEqual(['invite', 'accept', 'end']);
  });

  it.each([
    ['malformed', (row: Record<string, unknown>) => ({ ...row, to: 'nowhere' })],
    [
      'of a relation there is not',
      ({ owners, ...row }: Record<string, unknown>) => ({ ...row, pk: 'RELATION#1', id: 1 }),
    ],
    ['of what nobody publishes', (row: Record<string, unknown>) => ({ ...row, subject: 'planet' })],
  ])(
    'with an event that is %s passes it over, with a line in the log and a metric, and tells the others',
    async (_, damage) => {
      const estate = await newParties();
      await alternating(estate);
      const rows = (await allOf(estate, 'event')).toSorted((one, other) =>
        String(one['eventId']) < String(other['eventId']) ? -1 : 1,
      );
      const Records = rows.map((row, index) => inserted(index === 1 ? damage(row) : row, String(100 + index)));
      const bus = fakeBus();
      const before = estate.logged.length;
      const handler = streamHandler(job, { deps: estate.deps, bus });
      expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
      expect(bus.heard).toHaveLength(4);
      const errors = estate.logged.slice(before).filter(({ level }) => level === 'error');
      expect(errors).toEqual([
        { level: 'error', job: 'publishEvents', sequenceNumber: '101', fault: expect.any(String), isPublished: false },
        expect.objectContaining({ job: 'publishEvents', passedOver: 1, _aws: expect.anything() }),
      ]);
    },
  );

  it('without new events asks nothing of the table or the bus', async () => {
    const estate = await newParties();
    await alternating(estate);
    const changed = (await streamOf(estate)).map((record) => ({ ...record, eventName: 'MODIFY' }));
    const removed = changed.map((record) => ({ ...record, eventName: 'REMOVE' }));
    const others = (await allOf(estate, 'relation')).map((row) => inserted(row, '1'));
    const bus = fakeBus();
    bus.breaks = () => true;
    const before = estate.requests.length;
    expect(await job.run({ deps: estate.deps, bus }, [...changed, ...removed, ...others])).toEqual(done);
    expect(estate.requests).toHaveLength(before);
  });
});
