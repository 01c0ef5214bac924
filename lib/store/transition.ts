import type { Call } from '#lib/call.ts';
import { dueEvent, isByParty, type StoredForm, startsFrom, uidAttribute } from '#lib/domain/machine.ts';
import type { Aggregate, Amendment, Kind, Move } from '#lib/store/aggregate.ts';
import { dueShard } from '#lib/store/keys.ts';
import { eventRecord } from '#lib/store/ledger.ts';
import { refusalOfMove } from '#lib/store/refusals.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { allOf, anyOf, type Change, equal, type Fragment, together } from '#lib/table/expressions.ts';
import { update } from '#lib/table/items.ts';
import { latestMs } from '#lib/table/requests.ts';
import type { Row } from '#lib/table/table.ts';

/** A time, epoch ms, or a function that tells it when it is needed. */
type Instant = number | (() => number);

/**
 * The write of one move: the row, under every condition of the state table, and its event. It assumes that no lapse is due
 * but not recorded; if there is one, the next try records both.
 */
export function transition<K extends Kind>(aggregate: Aggregate<K>, move: Move<K>): Write {
  const { call, conditions = [], event, id, lapse } = move;
  const starts = [...startsAs(aggregate, move), ...conditions];
  const key = aggregate.key(id);
  const refused = (row: Row | undefined) => {
    const state = row && aggregate.read(row);
    const due = state && lapse === undefined ? dueEvent(aggregate.machine, state, call.now()) : undefined;
    return (
      (state && move.otherwise?.(state)) ??
      refusalOfMove(aggregate, move, state) ??
      (due ? transition(aggregate, { ...move, lapse: due }) : new Stale())
    );
  };
  return [
    Object.assign(update(key, changeOf(aggregate, event, move), starts, refused), { foreseenBy: key }),
    ...(move.also ?? []),
    ...lapseRecord(aggregate, move),
    recordOf(aggregate, event, move, call),
  ];
}

/** The write of an amendment. Also records a lapse that is due but not recorded. */
export function amend<K extends Kind>(aggregate: Aggregate<K>, amendment: Amendment<K>): Write {
  const { call, conditions = [], eventName, id, lapse, read, version } = amendment;
  const change =
    lapse === undefined ? together(amendment.change ?? {}, nextVersion) : changeOf(aggregate, lapse, amendment);
  const { status } = read;
  return [
    update(aggregate.key(id), change, [...equal({ v: version }, 'read'), ...conditions], () => new Stale()),
    ...(amendment.also ?? []),
    ...lapseRecord(aggregate, amendment),
    eventRecord({ event: eventName, from: status, to: status, ...subjectOf(aggregate, amendment) }, call),
  ];
}

/**
 * Holds if a row is stored in one of the forms: its status, with a deadline that has passed at `nowMs` or lies after
 * `untilMs`. Either time may be a function, which is called when the write is sent.
 */
export function standsAs(forms: readonly StoredForm<string>[], nowMs: Instant, untilMs: Instant = nowMs): Fragment {
  const alternatives = forms.map(({ status, deadline }): Fragment => {
    const stands: Fragment = { text: `#status = :${status}`, values: { [`:${status}`]: status } };
    if (deadline === undefined) return stands;
    const compared: Fragment =
      deadline === 'ahead'
        ? { text: '#deadlineMs > :untilMs', values: { ':untilMs': untilMs } }
        : { text: '#deadlineMs <= :nowMs', values: { ':nowMs': nowMs } };
    return allOf([stands, compared]);
  });
  return anyOf(alternatives);
}

function startsAs<K extends Kind>({ machine, rules }: Aggregate<K>, { call, event, lapse, said }: Move<K>): Fragment[] {
  const { by, guard } = machine.transitions[event];
  // Only the first form, the recorded one. A row that has lapsed into the status is refused first, to record its lapse too.
  const recorded = startsFrom(machine, lapse ?? event).slice(0, 1);
  return [
    standsAs(recorded, call.now, () => latestMs(call.now())),
    ...(isByParty(by) ? equal({ [uidAttribute(by)]: call.uid ?? 0 }, 'actor') : []),
    ...(guard === undefined ? [] : equal(rules.guards[guard].equals(said ?? {}), 'said')),
  ];
}

function changeOf<K extends Kind>(
  { effects, machine, placed, waitsWith = [] }: Aggregate<K>,
  event: K['event'],
  {
    call,
    change = {},
    deadlineMs,
    id,
    lapse = event,
  }: Pick<Move<K>, 'call' | 'change' | 'deadlineMs' | 'id' | 'lapse'>,
): Change {
  const { by, effects: named = [], to } = machine.transitions[event];
  const isMoved = machine.transitions[lapse].from !== to;
  return together(
    { remove: ['deadlineMs', 'due', ...waitsWith] },
    { set: { status: to } },
    // A lapse happens at its deadline, whenever it is recorded; reads in between already say so.
    by === 'clock' ? { copy: { updatedAtMs: 'deadlineMs' } } : { set: { updatedAtMs: call.nowMs } },
    deadlineMs === undefined ? {} : { set: { deadlineMs, due: dueShard(id) } },
    (isMoved && placed?.(to, id)) || {},
    ...named.map((effect) => effects[effect](call)),
    change,
    nextVersion,
  );
}

const nextVersion: Change = { add: { v: 1 } };

/** What a move says of its event. */
type Recorded<K extends Kind> = Pick<Move<K>, 'facts' | 'id' | 'owners'>;

function subjectOf<K extends Kind>({ subject }: Aggregate<K>, { facts, id, owners }: Recorded<K>) {
  return { subject, id, owners, ...(facts && { facts }) };
}

function recordOf<K extends Kind>(aggregate: Aggregate<K>, event: K['event'], move: Recorded<K>, call: Call) {
  const { from, to } = aggregate.machine.transitions[event];
  return eventRecord({ event, from, to, ...subjectOf(aggregate, move) }, call);
}

/** The event of a lapse that a write records too: by the clock, before the call's own event. */
function lapseRecord<K extends Kind>(
  aggregate: Aggregate<K>,
  { call, id, lapse, owners }: Pick<Move<K>, 'call' | 'id' | 'lapse' | 'owners'>,
): WriteItem[] {
  if (lapse === undefined) return [];
  return [recordOf(aggregate, lapse, { id, owners }, { ...call, caller: { kind: 'clock' } })];
}
