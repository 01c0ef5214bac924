import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { stateDiagram } from '#infra/stateDiagram.ts';
import type { Call } from '#lib/call.ts';
import { defineMachine } from '#lib/domain/machine.ts';
import type { Rules } from '#lib/domain/rules.ts';
import type { Subject } from '#lib/jobs/deliveries.ts';
import { publishRecords } from '#lib/jobs/publish.ts';
import { lapsing, sweepOverdue } from '#lib/jobs/sweep.ts';
import type { Aggregate, Kind } from '#lib/store/aggregate.ts';
import { dueShard } from '#lib/store/keys.ts';
import { eventRecord } from '#lib/store/ledger.ts';
import { amend, transition } from '#lib/store/transition.ts';
import { commit } from '#lib/table/commit.ts';
import { create, neverRefused, remove } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import { allOf } from '#test/workers/overdue.ts';
import { fakeBus, streamOf } from '#test/workers/stream.ts';

// An aggregate that lib knows nothing of: a handshake with a machine, parties, text ids, a deadline and events of its own.
const statuses = ['pending', 'accepted', 'declined', 'cancelled', 'vouched', 'expired'] as const;
type Status = (typeof statuses)[number];

const machine = defineMachine({
  name: 'handshake',
  lapses: { pending: 'expire' },
  transitions: {
    invite: { from: 'nothing', to: 'pending', by: 'inviter' },
    accept: { from: 'pending', to: 'accepted', by: 'invitee', guard: 'termsAsRead', effects: ['seal'] },
    decline: { from: 'pending', to: 'declined', by: 'invitee' },
    cancel: { from: 'pending', to: 'cancelled', by: 'inviter' },
    vouch: { from: 'pending', to: 'vouched', by: 'bearer', guard: 'termsAsRead' },
    expire: { from: 'pending', to: 'expired', by: 'clock' },
  },
});
type Event = keyof typeof machine.transitions;

const handshakeRow = rowKind({
  type: 'handshake',
  shape: v.object({
    id: v.string(),
    v: v.number(),
    status: v.picklist(statuses),
    inviterUid: v.number(),
    inviteeUid: v.number(),
    terms: v.string(),
    sealedAtMs: v.optional(v.number()),
    deadlineMs: v.optional(v.number()),
    updatedAtMs: v.number(),
  }),
});
type Handshake = v.InferOutput<typeof handshakeRow.shape>;

interface HandshakeKind extends Kind {
  readonly id: string;
  readonly status: Status;
  readonly event: Event;
  readonly party: 'inviter' | 'invitee';
  readonly guard: 'termsAsRead';
  readonly effect: 'seal';
  readonly state: Handshake;
  readonly said: { readonly terms?: string };
}

const rules: Rules<Handshake, Status, 'inviter' | 'invitee', 'termsAsRead', HandshakeKind['said']> = {
  unknown: 'RelationUnknown',
  notParty: { inviter: 'CallerNotParent', invitee: 'CallerNotChild' },
  wrongStatus: {
    pending: 'RelationInviting',
    accepted: 'RelationActive',
    declined: 'RelationDeclined',
    cancelled: 'RelationWithdrawn',
    vouched: 'RelationEnded',
    expired: 'RelationExpired',
  },
  guards: {
    termsAsRead: {
      refusal: 'PermissionsDiffer',
      holds: (state, { terms }) => terms === undefined || terms === state.terms,
      equals: ({ terms }) => ({ terms }),
    },
  },
};

const key = (id: string) => ({ pk: `HANDSHAKE#${id}`, sk: 'HANDSHAKE' });

const handshakes: Aggregate<HandshakeKind> = {
  machine,
  rules,
  subject: 'handshake',
  sortKey: 'HANDSHAKE',
  key,
  idOf: ({ pk }) => pk.slice('HANDSHAKE#'.length),
  read: (row) => handshakeRow.read(row),
  effects: { seal: ({ nowMs }) => ({ set: { sealedAtMs: nowMs } }) },
};

const subject: Subject = {
  subject: 'handshake',
  title: 'Handshake',
  statuses,
  key: (id) => key(String(id)),
  ownersIn(row) {
    const { inviteeUid, inviterUid } = handshakeRow.read(row);
    return [inviterUid, inviteeUid];
  },
  detailOf: ({ id }, [inviterUid, inviteeUid]) => ({ handshakeId: id, inviterUid, inviteeUid }),
};

const DAY_MS = 24 * 60 * 60 * 1000;

function callBy(estate: Parties, uid: number | undefined): Call {
  const nowMs = estate.nowMs();
  return {
    requestId: `request-${nowMs}`,
    action: 'AnswerHandshake',
    caller: uid === undefined ? { kind: 'bearer' } : { kind: 'account', keyId: 'key', uid, isRoot: false },
    uid,
    sourceIp: '203.0.113.7',
    nowMs,
    now: estate.nowMs,
    newEventId: () => estate.deps.ports.ids.eventId(nowMs),
  };
}

async function invited(estate: Parties, id: string): Promise<void> {
  const { child, deps, parent } = estate;
  const call = callBy(estate, parent.uid);
  const deadlineMs = call.nowMs + DAY_MS;
  const row = handshakeRow.row(key(id), {
    ...{ id, v: 1, status: 'pending', terms: 'as read', inviterUid: parent.uid, inviteeUid: child.uid },
    ...{ deadlineMs, due: dueShard(id), updatedAtMs: call.nowMs },
  });
  const happening = { subject: 'handshake', id, event: 'invite', from: 'nothing', to: 'pending' };
  await commit(deps.table, [create(row, neverRefused), eventRecord(happening, call)]);
}

function answer(estate: Parties, id: string, event: Exclude<Event, 'invite' | 'expire'>, by?: number, terms?: string) {
  const said = terms === undefined ? {} : { terms };
  return commit(estate.deps.table, transition(handshakes, { event, id, call: callBy(estate, by), said }));
}

async function stored(estate: Parties, id: string): Promise<Handshake> {
  return handshakeRow.read((await estate.deps.table.get(key(id))) ?? {});
}

describe('an aggregate of which lib knows nothing', () => {
  it('is moved by its parties alone, under its guard, with its effect', async () => {
    const estate = await newParties();
    const { child, parent, stranger } = estate;
    await invited(estate, 'h-1');
    await expect(answer(estate, 'h-0', 'accept', child.uid)).rejects.toThrow('RelationUnknown');
    await expect(answer(estate, 'h-1', 'accept', stranger.uid)).rejects.toThrow('RelationUnknown');
    await expect(answer(estate, 'h-1', 'accept', parent.uid)).rejects.toThrow('CallerNotChild');
    await expect(answer(estate, 'h-1', 'accept', child.uid, 'misread')).rejects.toThrow('PermissionsDiffer');
    await answer(estate, 'h-1', 'accept', child.uid, 'as read');
    expect(await stored(estate, 'h-1')).toMatchObject({ status: 'accepted', v: 2, sealedAtMs: expect.any(Number) });
    await expect(answer(estate, 'h-1', 'cancel', parent.uid)).rejects.toThrow('RelationActive');
  });

  it('is moved by whoever bears what a guard compares, as long as it stands as it has to', async () => {
    const estate = await newParties();
    await invited(estate, 'h-1');
    await expect(answer(estate, 'h-0', 'vouch', undefined, 'as read')).rejects.toThrow('RelationUnknown');
    await expect(answer(estate, 'h-1', 'vouch', undefined, 'misread')).rejects.toThrow('PermissionsDiffer');
    await answer(estate, 'h-1', 'vouch', undefined, 'as read');
    expect(await stored(estate, 'h-1')).toMatchObject({ status: 'vouched', v: 2 });
    await expect(answer(estate, 'h-1', 'vouch', undefined, 'as read')).rejects.toThrow('RelationEnded');
    const [event] = await estate.deps.ledger.ofSubject('handshake', 'h-1', 1);
    expect(event).toMatchObject({ event: 'vouch', actor: 'bearer' });
    await invited(estate, 'h-2');
    estate.advance(DAY_MS);
    await expect(answer(estate, 'h-2', 'vouch', undefined, 'as read')).rejects.toThrow('RelationExpired');
  });

  it('has one winner of many that would move it at once, and tells the others why they lost', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    await invited(estate, 'h-1');
    const racing = await Promise.allSettled(
      Array.from({ length: 12 }, (_, nth) =>
        nth % 2 ? answer(estate, 'h-1', 'decline', child.uid) : answer(estate, 'h-1', 'cancel', parent.uid),
      ),
    );
    expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { status } = await stored(estate, 'h-1');
    const lost = status === 'declined' ? 'RelationDeclined' : 'RelationWithdrawn';
    const refusals = racing.flatMap((one) => (one.status === 'rejected' ? [String(one.reason.message)] : []));
    expect(new Set(refusals)).toEqual(new Set([lost]));
  });

  it('expires at its deadline, by comparison first and then by the sweep', async () => {
    const estate = await newParties();
    await invited(estate, 'h-1');
    estate.advance(DAY_MS);
    await expect(answer(estate, 'h-1', 'accept', estate.child.uid)).rejects.toThrow('RelationExpired');
    const kinds = [lapsing(handshakes)];
    expect(await sweepOverdue(estate.deps, kinds, 'sweep', () => 1000)).toMatchObject({ expired: 1, failed: 0 });
    expect(await stored(estate, 'h-1')).toMatchObject({ status: 'expired', v: 2 });
    expect(await sweepOverdue(estate.deps, kinds, 'sweep', () => 1000)).toMatchObject({ found: 0 });
  });

  it('records its lapse with whatever amends it first', async () => {
    const estate = await newParties();
    await invited(estate, 'h-1');
    estate.advance(DAY_MS);
    const read = { ...(await stored(estate, 'h-1')), status: 'expired' as const };
    const call = callBy(estate, estate.parent.uid);
    const amendment = { eventName: 'annotate', id: 'h-1', call, lapse: 'expire', read, version: 1 } as const;
    await commit(estate.deps.table, amend(handshakes, { ...amendment, change: { set: { terms: 'annotated' } } }));
    expect(await stored(estate, 'h-1')).toMatchObject({ status: 'expired', terms: 'annotated' });
    const events = await estate.deps.ledger.ofSubject('handshake', 'h-1', 10);
    expect(events.map(({ event }) => event)).toEqual(['annotate', 'expire', 'invite']);
  });

  it('is told of in order, and filed under its parties', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    await invited(estate, 'h-1');
    await answer(estate, 'h-1', 'decline', child.uid);
    const bus = fakeBus();
    const done = { again: undefined, passedOver: 0 };
    expect(await publishRecords({ deps: estate.deps, bus }, [subject], await streamOf(estate))).toEqual(done);
    expect(bus.heard).toMatchObject([
      { type: 'invite', handshakeId: 'h-1', inviterUid: parent.uid, inviteeUid: child.uid, to: 'pending' },
      { type: 'decline', handshakeId: 'h-1', actor: child.uid, from: 'pending', to: 'declined' },
    ]);
    for (const { uid } of [parent, child]) {
      const events = await estate.deps.ledger.ofAccount(uid, 10);
      expect(events.map(({ event }) => event)).toEqual(['decline', 'invite']);
    }
  });

  it('can be deleted with what hangs on it', async () => {
    const estate = await newParties();
    await invited(estate, 'h-1');
    const conditions = [{ text: '#status = :status', values: { ':status': 'pending' } }];
    const gone = () => remove(key('h-1'), conditions, () => new Error('it has moved'));
    await commit(estate.deps.table, [gone()]);
    expect(await allOf(estate, 'handshake')).toEqual([]);
    await expect(commit(estate.deps.table, [gone()])).rejects.toThrow('it has moved');
  });

  it('is drawn from its table', () => {
    expect(stateDiagram(machine)).toContain('pending --> accepted: accept (invitee) [termsAsRead]');
  });
});
