import { describe, expect, it } from 'vitest';
import { job } from '#functions/workers/expireInvitations.ts';
import type { Deps } from '#lib/deps.ts';
import { Refusal } from '#lib/errors.ts';
import type { JobSummary } from '#lib/jobs/job.ts';
import { scheduleHandler } from '#lib/lambda/jobHandlers.ts';
import { dueShards } from '#lib/store/keys.ts';
import { rowOf } from '#lib/store/relations/rows.ts';
import type { Action, Table } from '#lib/table/table.ts';
import {
  add,
  confirm,
  eventsOf,
  modify,
  newParties,
  type Parties,
  permissionsOf,
  proposal,
  relationOf,
  relieve,
  storedRelation,
  succeeded,
  untouched,
  WAIT_MS,
} from '#test/bss/parties.ts';
import { times } from '#test/support/breadth.ts';
import type { Answer } from '#test/support/estate.ts';
import { bytesOf, changing } from '#test/support/everyMutation.ts';
import { signedRequest } from '#test/support/everyOperation.ts';
import { relationActive, relationExpired, serverRequestId } from '#test/support/refusals.ts';
import { allOf, allRows, overdueInvitation, store, storeOverdue } from '#test/workers/overdue.ts';

const codes = ['CHECK_FINANCE_INFO'];
const nothing = { found: 0, expired: 0, skipped: 0, failed: 0, oldestOverdueMs: 0, isComplete: true };

const sweep = (deps: Deps, remainingMs = () => 60_000) => job.run({ deps }, remainingMs);

const invite = (estate: Parties) => add(estate, estate.parent, estate.child, { PermissionCodes: codes });

const happened = async (estate: Parties, id: number) => (await eventsOf(estate, id)).map(({ event }) => event);

/** What both parties see of a relation, through every operation that shows it. */
async function seenOf(estate: Parties, id: number): Promise<object> {
  const { call, child, parent } = estate;
  const list = (uid: number) => ({ UserId: uid, StatusList: ['RELATED', 'CONFIRMING', 'CONNECTION_MASTER_CANCEL'] });
  const bodies = await Promise.all(
    [parent, child].flatMap((by) => [
      call(by, 'GetAccountRelation', { RelationId: id }),
      call(by, 'QueryPermissionList', { RelationId: id }),
      call(by, 'QueryRelationList', list(by.uid)),
    ]),
  );
  return bodies.map((answer) => succeeded(answer).Data);
}

/** An operation of the billing product. */
async function billing(estate: Parties, action: string, params: object) {
  const wire = { action, version: '2022-01-01', body: JSON.stringify(params), contentType: 'application/json' };
  const answer = await bytesOf(estate, signedRequest(estate.parent, wire));
  expect(answer.status, answer.text).toBe(200);
}

/** A time budget that runs out after it was asked for this many times. */
function budgetOf(batches: number): () => number {
  let left = batches;
  return () => --left;
}

/** The same dependencies over a table with another `transact`. */
function over(deps: Deps, transact: (actions: readonly Action[], table: Table) => ReturnType<Table['transact']>): Deps {
  return { ...deps, table: { ...deps.table, transact: (actions) => transact(actions, deps.table) } };
}

describe('an invitation past its deadline', () => {
  it('is expired to everybody before any sweep, and cannot be confirmed', async () => {
    const estate = await newParties();
    const id = await invite(estate);
    estate.advance(WAIT_MS);
    expect((await relationOf(estate, estate.child, id)).Status).toBe('CONNECTION_MASTER_CANCEL');
    const late = () => confirm(estate, estate.child, id, 'child_agree', codes);
    expect(await untouched(estate, id, late)).toEqual(relationExpired);
    expect(await storedRelation(estate, id)).toMatchObject({ status: 'inviting', due: expect.any(String) });
  });

  it('is expired in its row too once it was swept, with one event, and is told of as before', async () => {
    const estate = await newParties();
    const id = await invite(estate);
    estate.advance(WAIT_MS + 5_000);
    const before = await seenOf(estate, id);
    const summary = await sweep(estate.deps);
    expect(summary).toEqual({ ...nothing, found: 1, expired: 1, oldestOverdueMs: 5_000 });
    const row = await storedRelation(estate, id);
    expect(row).toMatchObject({ status: 'expired', v: 2 });
    for (const gone of ['due', 'deadlineMs', 'offered']) expect(row).not.toHaveProperty(gone);
    expect(await seenOf(estate, id)).toEqual(before);
    const [, expired, ...more] = await eventsOf(estate, id);
    expect(expired).toMatchObject({
      event: 'expire',
      from: 'inviting',
      to: 'expired',
      actor: 'clock',
      action: 'expireInvitations',
      requestId: serverRequestId,
      timeMs: estate.nowMs(),
    });
    expect(more).toEqual([]);
    expect(await untouched(estate, id, () => confirm(estate, estate.child, id, 'child_agree', codes))).toEqual(
      relationExpired,
    );
  });

  it.each(['before', 'after'])('gives way to a new one %s it was swept', async (when) => {
    const estate = await newParties();
    const id = await invite(estate);
    estate.advance(WAIT_MS);
    if (when === 'after') await sweep(estate.deps);
    const again = await invite(estate);
    expect(await happened(estate, id)).toEqual(['invite', 'expire']);
    succeeded(await confirm(estate, estate.child, again, 'child_agree', codes));
    expect(await happened(estate, again)).toEqual(['invite', 'accept']);
    expect(await sweep(estate.deps)).toEqual(nothing);
  });

  it('is swept at its deadline, and not a millisecond before', async () => {
    const estate = await newParties();
    await invite(estate);
    estate.advance(WAIT_MS - 1);
    expect(await sweep(estate.deps)).toEqual(nothing);
    estate.advance(1);
    expect(await sweep(estate.deps)).toEqual({ ...nothing, found: 1, expired: 1 });
  });
});

describe('a pending change past its deadline', () => {
  it('has lapsed to everybody before any sweep, back to the old permissions', async () => {
    const estate = await newParties();
    const id = await changing(estate);
    estate.advance(WAIT_MS);
    expect((await relationOf(estate, estate.child, id)).Status).toBe('RELATED');
    expect(await permissionsOf(estate, id)).toEqual(['allow_check_finance_info']);
    const late = () => confirm(estate, estate.child, id, 'child_agree', [...codes, 'MANAGE_TARGET_INVOICE']);
    expect(await untouched(estate, id, late)).toEqual(relationActive);
  });

  it('has lapsed in its row too once it was swept, with one event, and is told of as before', async () => {
    const estate = await newParties();
    const id = await changing(estate);
    estate.advance(WAIT_MS);
    const before = await seenOf(estate, id);
    expect(await sweep(estate.deps)).toEqual({ ...nothing, found: 1, expired: 1 });
    const row = await storedRelation(estate, id);
    expect(row).toMatchObject({ status: 'active' });
    for (const gone of ['due', 'deadlineMs', 'offered']) expect(row).not.toHaveProperty(gone);
    expect(await seenOf(estate, id)).toEqual(before);
    expect(await happened(estate, id)).toEqual(['invite', 'accept', 'proposeChange', 'lapseChange']);
  });

  const supersedings: [string, string, (estate: Parties, id: number) => Promise<unknown>][] = [
    [
      'another change',
      'proposeChange',
      async (estate, id) => succeeded(await modify(estate, estate.parent, id, 'DELETE', codes)),
    ],
    [
      'a new name',
      'change',
      async ({ call, parent }, RelationId) =>
        succeeded(
          await call(parent, 'ModifyAccountRelation', {
            RelationId,
            RelationOperation: 'ADD',
            RequestId: 'r',
            ChildNick: 'dept',
          }),
        ),
    ],
    ['the end', 'end', async (estate, id) => succeeded(await relieve(estate, estate.parent, id))],
    [
      'another change, by UpdateAuth',
      'proposeChange',
      (estate, id) => billing(estate, 'UpdateAuth', { RelationID: `rel${id}`, AuthListStr: '1' }),
    ],
    [
      'the end, by DeleteFinancialRelation',
      'end',
      (estate, id) =>
        billing(estate, 'DeleteFinancialRelation', {
          RelationID: `rel${id}`,
          SubAccountID: estate.child.uid,
          Relation: 4,
        }),
    ],
  ];

  it.each(supersedings)('superseded by %s is recorded with it, and before it', async (_, event, supersede) => {
    const estate = await newParties();
    const id = await changing(estate);
    estate.advance(WAIT_MS);
    await supersede(estate, id);
    expect(await happened(estate, id)).toEqual(['invite', 'accept', 'proposeChange', 'lapseChange', event]);
    const [lapsed, superseding] = (await eventsOf(estate, id)).slice(-2);
    expect(lapsed).toMatchObject({ from: 'changing', to: 'active', actor: 'clock', timeMs: estate.nowMs() });
    expect(superseding).toMatchObject({ from: 'active', actor: estate.parent.uid, requestId: lapsed?.['requestId'] });
    expect(await sweep(estate.deps)).toEqual(nothing);
  });

  it('is recorded once when it is superseded and swept at once', async () => {
    for (let round = 0; round < times(10, 4); round++) {
      const estate = await newParties();
      const id = await changing(estate);
      estate.advance(WAIT_MS);
      const elsewhere = estate.anotherProcess();
      const [answer] = await Promise.all([relieve(estate, estate.parent, id), sweep(elsewhere), sweep(estate.deps)]);
      succeeded(answer);
      // The ids of concurrent calls do not tell their order, but the statuses do.
      const events = (await happened(estate, id)).toSorted();
      expect(events).toEqual(['accept', 'end', 'invite', 'lapseChange', 'proposeChange']);
    }
  });

  it('costs whoever supersedes it at most one round trip more', async () => {
    const estate = await newParties();
    const id = await changing(estate);
    estate.advance(WAIT_MS);
    const tripsOf = async (call: () => Promise<Answer>) => {
      const before = estate.requests.length;
      succeeded(await call());
      return estate.requests.length - before;
    };
    expect(await tripsOf(() => modify(estate, estate.parent, id, 'DELETE', codes))).toBe(2);
    estate.advance(WAIT_MS);
    expect(await tripsOf(() => relieve(estate, estate.parent, id))).toBe(2);
  });

  it('is recorded with credit that is lent, and before it', async () => {
    const estate = await newParties();
    const { call, child, operator, parent } = estate;
    const id = await add(estate, parent, child, { PermissionCodes: ['SYNCHRONIZE_FINANCE_IDENTITY'] });
    succeeded(await confirm(estate, child, id, 'child_agree', ['SYNCHRONIZE_FINANCE_IDENTITY']));
    succeeded(await modify(estate, parent, id, 'ADD', codes));
    estate.advance(WAIT_MS);
    await call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: 100 });
    const lent = await call(operator, 'AllocateCredit', { ParentUid: parent.uid, ChildUid: child.uid, Amount: 40 });
    expect(lent.status).toBe(200);
    expect((await happened(estate, id)).slice(-2)).toEqual(['lapseChange', 'allocateCredit']);
    expect(await sweep(estate.deps)).toEqual(nothing);
    succeeded(await relieve(estate, parent, id));
  });
});

it('an overdue invitation that is cleaned up has its expiry recorded with it', async () => {
  const estate = await newParties();
  const id = await invite(estate);
  estate.advance(WAIT_MS);
  await billing(estate, 'CleanUpFinancialRelation', {
    RelationID: `rel${id}`,
    SubAccountID: estate.child.uid,
    Relation: 4,
  });
  expect(await happened(estate, id)).toEqual(['invite', 'expire', 'cleanUp']);
  expect(await sweep(estate.deps)).toEqual(nothing);
  await invite(estate);
});

describe('a sweep', () => {
  it('takes any number of overdue invitations, across several invocations when each has little time', async () => {
    const count = times(10_000, 1000);
    const estate = await newParties();
    await storeOverdue(estate, count);
    const invoke = scheduleHandler(job, { deps: estate.deps });
    const summaries: JobSummary[] = [];
    do {
      const budget = budgetOf(count / 100);
      const context = { getRemainingTimeInMillis: () => 15_000 + budget() };
      summaries.push({ ...(await invoke({}, context)) });
    } while (summaries.at(-1)?.['isComplete'] === false);
    const sumOf = (name: string) => summaries.reduce((sum, summary) => sum + Number(summary[name]), 0);
    expect(summaries.length).toBeGreaterThan(3);
    expect(['found', 'expired', 'skipped', 'failed'].map(sumOf)).toEqual([count, count, 0, 0]);
    expect(summaries[0]?.['oldestOverdueMs']).toBe(count);
    const rows = await allRows(estate);
    const relations = rows.filter(({ type }) => type === 'relation');
    expect(relations.filter(({ status, v }) => status === 'expired' && v === 2)).toHaveLength(count);
    const events = rows.filter(({ type }) => type === 'event');
    expect(events.filter(({ event }) => event === 'expire')).toHaveLength(count);
    expect(new Set(events.map(({ id }) => id)).size).toBe(count);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(count);
    expect(await sweep(estate.deps)).toEqual(nothing);
  });

  it.each([2, 4])('run %s times at once changes nothing twice', async (sweeps) => {
    const COUNT = times(200, 60);
    const estate = await newParties();
    await storeOverdue(estate, COUNT);
    const processes = Array.from({ length: sweeps }, () => estate.anotherProcess());
    const summaries = await Promise.all(processes.map((deps) => sweep(deps)));
    const sumOf = (name: string) => summaries.reduce((sum, summary) => sum + Number(summary[name]), 0);
    expect([sumOf('expired'), sumOf('failed')]).toEqual([COUNT, 0]);
    expect(sumOf('found')).toBe(COUNT + sumOf('skipped'));
    const relations = await allOf(estate, 'relation');
    expect(relations.map(({ status, v }) => `${status} ${v}`)).toEqual(Array(COUNT).fill('expired 2'));
    expect(await allOf(estate, 'event')).toHaveLength(COUNT);
  });

  it('sees every shard, and is not kept from one by another', async () => {
    const estate = await newParties();
    await storeOverdue(estate, 32);
    const rows = await allOf(estate, 'relation');
    expect(new Set(rows.map(({ due }) => due))).toEqual(new Set(dueShards()));
    const summary = await sweep(estate.deps, budgetOf(dueShards().length));
    expect(summary).toMatchObject({ found: 32, expired: 32, isComplete: false });
  });

  it('without any time left does one batch, so that it gets somewhere', async () => {
    const estate = await newParties();
    await storeOverdue(estate, 32);
    expect(await sweep(estate.deps, () => -1)).toMatchObject({ found: 2, expired: 2, isComplete: false });
  });

  it('counts what is damaged as failed, logs it once and passes over it', async () => {
    const estate = await newParties();
    const shard = { due: 'DUE#3' };
    const [first, ...others] = Array.from({ length: 60 }, (_, nth) =>
      overdueInvitation(estate, 3 + 16 * nth, 60 - nth),
    );
    if (first === undefined) throw new Error('there are sixty');
    const unknown = { pk: 'THING#1', sk: 'THING', type: 'thing', deadlineMs: 0, ...shard };
    const illegible = { ...rowOf(first), status: 'inviting', v: 'one' };
    await store(estate, [unknown, illegible, ...others.map(rowOf)]);
    const before = estate.logged.length;
    const summary = await sweep(estate.deps);
    expect(summary).toMatchObject({ found: 61, expired: 59, skipped: 0, failed: 2, isComplete: true });
    expect(estate.logged.slice(before)).toEqual(
      ['THING#1', `RELATION#${first.id}`].map((pk) => ({
        level: 'error',
        job: 'expireInvitations',
        requestId: serverRequestId,
        item: { pk, sk: expect.any(String) },
        error: expect.any(String),
      })),
    );
    expect(await sweep(estate.deps)).toMatchObject({ found: 2, expired: 0, failed: 2 });
  });

  it('passes over a shard that cannot be read, and says that it is not complete', async () => {
    const estate = await newParties();
    await storeOverdue(estate, 64);
    const { table } = estate.deps;
    const page: typeof table.page = async (query, ...where) => {
      if (JSON.stringify(query).includes('DUE#7"')) throw new Error('the shard cannot be read');
      return table.page(query, ...where);
    };
    const halting = { ...estate.deps, table: { ...table, page } };
    expect(await sweep(halting)).toMatchObject({ found: 60, expired: 60, failed: 0, isComplete: false });
    expect(estate.logged.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(await sweep(estate.deps)).toMatchObject({ found: 4, expired: 4, isComplete: true });
  });

  it('begins with another shard each minute: what fails in one does not use up the time of all', async () => {
    const estate = await newParties();
    await storeOverdue(estate, 16);
    const [failing] = await allOf(estate, 'relation');
    const damaged = over(estate.deps, (actions, table) => {
      if (JSON.stringify(actions).includes(String(failing?.['pk']))) throw new Error('the item is damaged');
      return table.transact(actions);
    });
    for (let minute = 0; minute < 16; minute++) {
      await sweep(damaged, () => 0);
      estate.advance(60_000);
    }
    expect(await allOf(estate, 'event')).toHaveLength(15);
  });

  it('leaves what the table refused to the next one', async () => {
    const estate = await newParties();
    await storeOverdue(estate, 8);
    let calls = 0;
    const flaky = over(estate.deps, (actions, table) => {
      if (++calls % 2 === 0) throw new Error('the line went dead');
      return table.transact(actions);
    });
    expect(await sweep(flaky)).toMatchObject({ found: 8, expired: 4, failed: 4 });
    expect(await sweep(estate.deps)).toMatchObject({ found: 4, expired: 4, failed: 0 });
    expect(await allOf(estate, 'event')).toHaveLength(8);
  });

  it('counts what the table does not tell the outcome of as failed, and leaves it to the next one', async () => {
    const estate = await newParties();
    await storeOverdue(estate, 2);
    const silent = over(estate.deps, () => {
      throw new Refusal('OutcomeUnknown', {});
    });
    expect(await sweep(silent)).toMatchObject({ found: 2, skipped: 0, failed: 2 });
    expect(await sweep(estate.deps)).toMatchObject({ found: 2, expired: 2 });
  });

  it('that was cut off after a commit counts what is done as skipped', async () => {
    const estate = await newParties();
    await storeOverdue(estate, 4);
    const deaf = over(estate.deps, async (actions, table) => {
      await table.transact(actions);
      throw new Error('the line went dead');
    });
    expect(await sweep(deaf)).toMatchObject({ found: 4, failed: 4 });
    expect(await sweep(estate.deps)).toEqual(nothing);
    expect(await allOf(estate, 'event')).toHaveLength(4);
  });

  it('as a function reports what it did as metrics', async () => {
    const estate = await newParties();
    await storeOverdue(estate, 3);
    const invoke = scheduleHandler(job, { deps: estate.deps });
    const summary = await invoke({}, { getRemainingTimeInMillis: () => 60_000 });
    expect(summary).toEqual({ ...nothing, found: 3, expired: 3, oldestOverdueMs: 3 });
    const names = ['found', 'expired', 'skipped', 'failed', 'oldestOverdueMs'];
    const Metrics = names.map((Name) => ({ Name, Unit: Name.endsWith('Ms') ? 'Milliseconds' : 'Count' }));
    expect(estate.logged.at(-1)).toEqual({
      level: 'info',
      job: 'expireInvitations',
      ...summary,
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [{ Namespace: 'Tributary', Dimensions: [['job']], Metrics }],
      },
    });
  });

  it('over an empty table does nothing', async () => {
    const estate = await newParties();
    expect(await sweep(estate.deps)).toEqual(nothing);
    const parties = proposal(estate.parent, estate.child, { PermissionCodes: codes });
    expect((await estate.call(estate.parent, 'AddAccountRelation', parties)).status).toBe(200);
    expect(await sweep(estate.deps)).toEqual(nothing);
  });
});
