import type { Call } from '#lib/call.ts';
import {
  dueEvent,
  isByParty,
  type Machine,
  type Rules,
  refusalOfActor,
  refusalOfState,
  type StateOf,
  type StoredForm,
  startsFrom,
  uidAttribute,
} from '#lib/domain/machine.ts';
import type { Refusal } from '#lib/errors.ts';
import { SENDING_MS } from '#lib/patience.ts';
import { dueShard } from '#lib/store/keys.ts';
import { eventRecord, type Facts, type Owners } from '#lib/store/ledger.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { allOf, anyOf, type Change, equal, type Fragment, together } from '#lib/table/expressions.ts';
import { update } from '#lib/table/items.ts';
import type { Key, Row } from '#lib/table/table.ts';

/** A time, epoch ms, or how to tell it at the moment it is needed. */
type Instant = number | (() => number);

/** The types that make an aggregate one and not another. */
export interface Kind {
  readonly id: string | number;
  readonly status: string;
  readonly event: string;
  readonly party: string;
  readonly guard: string;
  readonly effect: string;
  /** What it is, as its row tells. */
  readonly state: StateOf<string, never>;
  /** What a caller may say that guards compare with. */
  readonly said: object;
}

/** What moving an aggregate takes beside its state table: where it is stored, how it is read, and what its effects write. */
export interface Aggregate<K extends Kind> {
  readonly machine: Machine<K['status'], K['event'], K['party'], K['guard'], K['effect']>;
  readonly rules: Rules<K['state'], K['status'], K['party'], K['guard'], K['said']>;
  /** What its events call it. */
  readonly subject: string;
  /** The sort key of all its rows, by which the sweep knows what it has found. */
  readonly sortKey: string;
  key(id: K['id']): Key;
  idOf(key: Key): K['id'];
  /** Throws when the row is malformed. */
  read(row: Row): K['state'] & StateOf<K['status'], K['party']>;
  readonly effects: Readonly<Record<K['effect'], (call: Call) => Change>>;
  /** The attributes that say what a waiting status waits with; they go when it is left. */
  readonly waitsWith?: readonly string[];
  /** What follows from the status alone, such as its place in an index. */
  placed?(status: K['status'], id: K['id']): Change;
}

/** One move of an aggregate. Times are epoch ms. */
export interface Move<K extends Kind> {
  readonly event: K['event'];
  readonly id: K['id'];
  readonly call: Call;
  readonly said?: K['said'] | undefined;
  /** What becomes of the row beside its status. */
  readonly change?: Change;
  /** Until when the status that is come to waits, if it does. */
  readonly deadlineMs?: number | undefined;
  /** What must hold of the row beside its status and the caller's part in it. */
  readonly conditions?: readonly Fragment[];
  /** Why what the conditions demand does not hold; told after absence and party, before status and guard. */
  readonly disagreement?: (state: K['state']) => Refusal | undefined;
  /** Asked first when the write is refused: another write that the state calls for instead, or another refusal. */
  readonly otherwise?: (state: K['state']) => Write | Refusal | undefined;
  /** The clock's event after which this one starts, if no sweep has recorded it: then this write does. */
  readonly lapse?: K['event'] | undefined;
  /** Further items of the same transaction. */
  readonly also?: readonly WriteItem[];
  /** Items that depend on which status the row is stored in, as its lapse may have to be recorded. */
  readonly following?: (from: K['status'] | 'nothing', to: K['status']) => readonly WriteItem[];
  /** What the event's record says beside the event. */
  readonly facts?: Facts;
  /** The accounts that the event is filed under, where they are known. */
  readonly owners?: Owners | undefined;
}

/**
 * The write of one move: the row under every condition the state table sets, and its record. It supposes that no lapse is waiting
 * to be recorded; should there be one, the write is made anew and records both.
 */
export function transition<K extends Kind>(aggregate: Aggregate<K>, move: Move<K>): Write {
  const { call, conditions = [], event, id, lapse } = move;
  const { transitions } = aggregate.machine;
  const starts = [...startsAs(aggregate, move), ...conditions];
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
    update(aggregate.key(id), changeOf(aggregate, event, move), starts, refused),
    ...(move.also ?? []),
    ...(move.following?.(transitions[lapse ?? event].from, transitions[event].to) ?? []),
    ...lapseRecord(aggregate, move),
    recordOf(aggregate, event, move, call),
  ];
}

/** A change of an aggregate that is no move: what is written instead of what was read, and what its record calls it. */
export interface Amendment<K extends Kind>
  extends Omit<Move<K>, 'event' | 'said' | 'otherwise' | 'disagreement' | 'following'> {
  readonly happening: string;
  /** As it was read; if it is no longer so, the write is `Stale`. */
  readonly read: K['state'];
  readonly version: number;
}

/** The write of an amendment, and of the lapse that is waiting to be recorded, if any. */
export function amend<K extends Kind>(aggregate: Aggregate<K>, amendment: Amendment<K>): Write {
  const { call, conditions = [], happening, id, lapse, read, version } = amendment;
  const change = lapse === undefined ? versioned(amendment.change) : changeOf(aggregate, lapse, amendment);
  const { status } = read;
  return [
    update(aggregate.key(id), change, [...equal({ v: version }, 'read'), ...conditions], () => new Stale()),
    ...(amendment.also ?? []),
    ...lapseRecord(aggregate, amendment),
    eventRecord({ ...subjectOf(aggregate, amendment), event: happening, from: status, to: status }, call),
  ];
}

/** The write by which an overdue aggregate lapses, under the same conditions as any other move. Which event is due, its row tells. */
export function lapse<K extends Kind>(aggregate: Aggregate<K>, key: Key, call: Call): Write {
  const [first] = Object.values<K['event'] | undefined>(aggregate.machine.lapses).filter(
    (event) => event !== undefined,
  );
  if (first === undefined) throw new Error(`nothing of a ${aggregate.subject} waits for a deadline`);
  const asEvent = (event: K['event']): Write =>
    transition(aggregate, {
      event,
      id: aggregate.idOf(key),
      call,
      otherwise(state) {
        const due = dueEvent(aggregate.machine, state, call.now());
        return due === undefined || due === event ? undefined : asEvent(due);
      },
    });
  return asEvent(first);
}

/** Whether the event is due of the aggregate at the time of the call: the clock's by its deadline, others by its status. */
export function canStart<K extends Kind>(
  { machine }: Aggregate<K>,
  event: K['event'],
  state: StateOf<K['status'], never>,
  { now }: Call,
): boolean {
  const { by, from } = machine.transitions[event];
  const due = dueEvent(machine, state, now());
  return by === 'clock' ? due === event : (due === undefined ? state.status : machine.transitions[due].to) === from;
}

/** Why a move is refused: absence and party first, then what was named, status, guard. */
export function refusalOfMove<K extends Kind>(
  { machine, rules }: Aggregate<K>,
  { call, disagreement, event, said }: Pick<Move<K>, 'call' | 'disagreement' | 'event' | 'said'>,
  state: (K['state'] & StateOf<K['status'], K['party']>) | undefined,
): Refusal | undefined {
  const unentitled = refusalOfActor(machine, rules, event, state, call.uid);
  if (unentitled || state === undefined) return unentitled;
  const { by, from } = machine.transitions[event];
  const waits = by !== 'clock' && from !== 'nothing' && machine.lapses[from] !== undefined;
  const atMs = waits ? latestMs(call) : call.now();
  return disagreement?.(state) ?? refusalOfState(machine, rules, event, state, said ?? {}, atMs);
}

/** The latest moment at which a write that is sent now may be carried out. The last instant before a deadline is the clock's alone. */
function latestMs({ now }: Call): number {
  return now() + SENDING_MS;
}

/**
 * That a row's status, its deadline compared with `nowMs`, is one of the forms; a deadline that has to lie ahead is compared with
 * `untilMs`. Either may be a function, which is asked as the write is sent.
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
  // The first form is the settled one. What has lapsed into it is told apart, for its lapse to be recorded.
  const settled = startsFrom(machine, lapse ?? event).slice(0, 1);
  return [
    standsAs(settled, call.now, () => latestMs(call)),
    ...(isByParty(by) ? equal({ [uidAttribute(by)]: call.uid ?? 0 }, 'actor') : []),
    ...(guard === undefined ? [] : equal(rules.guards[guard].equals(said ?? {}), 'said')),
  ];
}

function changeOf<K extends Kind>(
  { effects, machine, placed, waitsWith = [] }: Aggregate<K>,
  event: K['event'],
  { call, change = {}, deadlineMs, id }: Pick<Move<K>, 'call' | 'change' | 'deadlineMs' | 'id'>,
): Change {
  const { by, effects: named = [], to } = machine.transitions[event];
  return together(
    { remove: ['deadlineMs', 'due', ...waitsWith] },
    { set: { status: to } },
    // A lapse has come about at its deadline, as every read before its record has said.
    by === 'clock' ? { copy: { updatedAtMs: 'deadlineMs' } } : { set: { updatedAtMs: call.nowMs } },
    deadlineMs === undefined ? {} : { set: { deadlineMs, due: dueShard(id) } },
    placed?.(to, id) ?? {},
    ...named.map((effect) => effects[effect](call)),
    versioned(change),
  );
}

function versioned(change: Change = {}): Change {
  return together(change, { add: { v: 1 } });
}

function subjectOf<K extends Kind>(
  { subject }: Aggregate<K>,
  { facts, id, owners }: Pick<Move<K>, 'facts' | 'id' | 'owners'>,
) {
  return { subject, id, owners, ...(facts && { facts }) };
}

function recordOf<K extends Kind>(
  aggregate: Aggregate<K>,
  event: K['event'],
  move: Pick<Move<K>, 'facts' | 'id' | 'owners'>,
  call: Call,
) {
  const { from, to } = aggregate.machine.transitions[event];
  return eventRecord({ ...subjectOf(aggregate, move), event, from, to }, call);
}

/** The record of a lapse that a call settles: the clock's doing, before the call's own event. */
function lapseRecord<K extends Kind>(
  aggregate: Aggregate<K>,
  { call, id, lapse, owners }: Pick<Move<K>, 'call' | 'id' | 'lapse' | 'owners'>,
): WriteItem[] {
  if (lapse === undefined) return [];
  return [recordOf(aggregate, lapse, { id, owners }, { ...call, caller: { kind: 'clock' } })];
}
