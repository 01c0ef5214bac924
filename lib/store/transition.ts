import type { Call } from '#lib/call.ts';
import {
  dueEvent,
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
import { dueShard } from '#lib/store/keys.ts';
import { eventRecord, type Facts, type Owners } from '#lib/store/ledger.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { allOf, anyOf, type Change, equal, type Fragment, together } from '#lib/table/expressions.ts';
import { update } from '#lib/table/items.ts';
import { SENDING_MS } from '#lib/table/requests.ts';
import type { Key, Row } from '#lib/table/table.ts';

/** A time, epoch ms, or a function that tells it when it is needed. */
type Instant = number | (() => number);

/** The types that differ from aggregate to aggregate. */
export interface Kind {
  readonly id: string | number;
  readonly status: string;
  readonly event: string;
  readonly party: string;
  readonly guard: string;
  readonly effect: string;
  /** The aggregate as read from its row. */
  readonly state: StateOf<string, never>;
  /** Values from the caller that guards compare with the row. */
  readonly said: object;
}

/** An aggregate: its state table, where it is stored, how it is read, and what its effects write. */
export interface Aggregate<K extends Kind> {
  readonly machine: Machine<K['status'], K['event'], K['party'], K['guard'], K['effect']>;
  readonly rules: Rules<K['state'], K['status'], K['party'], K['guard'], K['said']>;
  /** Its name in events. */
  readonly subject: string;
  /** The sort key of all its rows, by which the sweep recognises them. */
  readonly sortKey: string;
  key(id: K['id']): Key;
  idOf(key: Key): K['id'];
  /** Throws when the row is malformed. */
  read(row: Row): K['state'] & StateOf<K['status'], K['party']>;
  readonly effects: Readonly<Record<K['effect'], (call: Call) => Change>>;
  /** Attributes that exist only while a status waits for a deadline; removed when it is left. */
  readonly waitsWith?: readonly string[];
  /** Changes that depend on the new status alone, such as the place in an index. */
  placed?(status: K['status'], id: K['id']): Change;
}

/** One move of an aggregate. Times are epoch ms. */
export interface Move<K extends Kind> {
  readonly event: K['event'];
  readonly id: K['id'];
  readonly call: Call;
  readonly said?: K['said'] | undefined;
  /** Changes of the row besides its status. */
  readonly change?: Change;
  /** The deadline of the new status, if it has one. */
  readonly deadlineMs?: number | undefined;
  /** Conditions besides the status and who the caller is. */
  readonly conditions?: readonly Fragment[];
  /** Why one of `conditions` does not hold. Checked after absence and party, before status and guard. */
  readonly disagreement?: (state: K['state']) => Refusal | undefined;
  /** Called first when the write is refused: may give another write to try instead, or another refusal. */
  readonly otherwise?: (state: K['state']) => Write | Refusal | undefined;
  /** The clock's event that must happen before this one, if it is due but not recorded: this write records it too. */
  readonly lapse?: K['event'] | undefined;
  /** Further items of the same transaction. */
  readonly also?: readonly WriteItem[];
  /** Further items that depend on the status stored in the row, which differs while a lapse is not recorded. */
  readonly following?: (from: K['status'] | 'nothing', to: K['status']) => readonly WriteItem[];
  /** Further values of the event. */
  readonly facts?: Facts;
  /** The accounts that the event is filed under, if they are known. */
  readonly owners?: Owners | undefined;
}

/**
 * The write of one move: the row, under every condition of the state table, and its event. It assumes that no lapse is due
 * but not recorded; if there is one, the next try records both.
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

/** A change of an aggregate that leaves its status as it is. */
export interface Amendment<K extends Kind>
  extends Omit<Move<K>, 'event' | 'said' | 'otherwise' | 'disagreement' | 'following'> {
  readonly eventName: string;
  /** The aggregate as it was read. `Stale` if it has changed since. */
  readonly read: K['state'];
  readonly version: number;
}

/** The write of an amendment. Also records a lapse that is due but not recorded. */
export function amend<K extends Kind>(aggregate: Aggregate<K>, amendment: Amendment<K>): Write {
  const { call, conditions = [], eventName, id, lapse, read, version } = amendment;
  const change = lapse === undefined ? versioned(amendment.change) : changeOf(aggregate, lapse, amendment);
  const { status } = read;
  return [
    update(aggregate.key(id), change, [...equal({ v: version }, 'read'), ...conditions], () => new Stale()),
    ...(amendment.also ?? []),
    ...lapseRecord(aggregate, amendment),
    eventRecord({ ...subjectOf(aggregate, amendment), event: eventName, from: status, to: status }, call),
  ];
}

/** The write that lets an overdue aggregate lapse, under the same conditions as any other move. Its row tells by which event. */
export function lapse<K extends Kind>(aggregate: Aggregate<K>, key: Key, call: Call): Write {
  const [first] = Object.values<K['event'] | undefined>(aggregate.machine.lapses).filter(
    (event) => event !== undefined,
  );
  if (first === undefined) throw new Error(`no status of a ${aggregate.subject} has a deadline`);
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

/** Whether the aggregate can start the event now: the clock's if its deadline has passed, others by its status. */
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

/** Why a move is refused, checked in this order: absence, party, disagreement, status, guard. */
export function refusalOfMove<K extends Kind>(
  { machine, rules }: Aggregate<K>,
  { call, disagreement, event, said }: Pick<Move<K>, 'call' | 'disagreement' | 'event' | 'said'>,
  state: (K['state'] & StateOf<K['status'], K['party']>) | undefined,
): Refusal | undefined {
  const refusal = refusalOfActor(machine, rules, event, state, call.uid);
  if (refusal || state === undefined) return refusal;
  const { by, from } = machine.transitions[event];
  const waits = by !== 'clock' && from !== 'nothing' && machine.lapses[from] !== undefined;
  const atMs = waits ? latestMs(call) : call.now();
  return disagreement?.(state) ?? refusalOfState(machine, rules, event, state, said ?? {}, atMs);
}

/** When a write that is sent now may be carried out at the latest. A move must be before its deadline even then. */
function latestMs({ now }: Call): number {
  return now() + SENDING_MS;
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
    standsAs(recorded, call.now, () => latestMs(call)),
    ...(by === 'clock' ? [] : equal({ [uidAttribute(by)]: call.uid ?? 0 }, 'actor')),
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
    // A lapse happens at its deadline, whenever it is recorded; reads in between already say so.
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

/** The event of a lapse that a write records too: by the clock, before the call's own event. */
function lapseRecord<K extends Kind>(
  aggregate: Aggregate<K>,
  { call, id, lapse, owners }: Pick<Move<K>, 'call' | 'id' | 'lapse' | 'owners'>,
): WriteItem[] {
  if (lapse === undefined) return [];
  return [recordOf(aggregate, lapse, { id, owners }, { ...call, caller: { kind: 'clock' } })];
}
