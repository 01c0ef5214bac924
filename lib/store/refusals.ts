import type { Call } from '#lib/call.ts';
import { dueEvent, statusAt } from '#lib/domain/machine.ts';
import { refusalOfActor, refusalOfState, type StateOf } from '#lib/domain/rules.ts';
import type { Refusal } from '#lib/errors.ts';
import type { Aggregate, Kind, Move } from '#lib/store/aggregate.ts';
import { latestMs } from '#lib/table/requests.ts';

/** Whether the aggregate can start the event now: the clock's if its deadline has passed, others by its status. */
export function canStart<K extends Kind>(
  { machine }: Aggregate<K>,
  event: K['event'],
  state: StateOf<K['status'], never>,
  { now }: Call,
): boolean {
  const { by, from } = machine.transitions[event];
  const nowMs = now();
  return by === 'clock' ? dueEvent(machine, state, nowMs) === event : statusAt(machine, state, nowMs) === from;
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
  const atMs = waits ? latestMs(call.now()) : call.now();
  return disagreement?.(state) ?? refusalOfState(machine, rules, event, state, said ?? {}, atMs);
}
