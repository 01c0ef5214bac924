import { isByParty, type Machine, statusAt, uidAttribute } from '#lib/domain/machine.ts';
import { type PlainReason, Refusal } from '#lib/errors.ts';

/** What a state table needs of an aggregate: its status, the deadline if that has one, and the uids of its parties. */
export type StateOf<Status extends string, Party extends string> = {
  readonly status: Status;
  readonly deadlineMs?: number | undefined;
} & Readonly<Record<`${Party}Uid`, number>>;

/** One more condition of a transition. */
export interface Guard<State, Said> {
  /** Why the transition is refused where the condition does not hold. */
  readonly refusal: PlainReason;
  holds(state: State, said: Said): boolean;
  /** The same as a condition of the write: attributes by path, and the values they must have. Empty if nothing was said. */
  equals(said: Said): Readonly<Record<string, unknown>>;
}

/** The reasons for which an aggregate refuses: by caller, by status, and by guard. */
export interface Rules<State, Status extends string, Party extends string, GuardName extends string, Said> {
  /** For everybody who is no party, as if the aggregate did not exist. */
  readonly unknown: PlainReason;
  readonly notParty: Readonly<Record<Party, PlainReason>>;
  readonly wrongStatus: Readonly<Record<Status, PlainReason>>;
  readonly guards: Readonly<Record<GuardName, Guard<State, Said>>>;
}

/** Why an account may not cause the event, if so. For an account that is no party, the aggregate does not exist. */
export function refusalOfActor<Status extends string, Event extends string, Party extends string>(
  { transitions }: Machine<Status, Event, Party>,
  { notParty, unknown }: Pick<Rules<never, Status, Party, never, never>, 'unknown' | 'notParty'>,
  event: Event,
  state: StateOf<Status, Party> | undefined,
  actorUid: number | undefined,
): Refusal | undefined {
  const { by } = transitions[event];
  if (state === undefined) return new Refusal(unknown, {});
  if (!isByParty(by)) return undefined;
  const isParty = partiesIn(notParty).some((party) => uidOf(state, party) === actorUid);
  if (actorUid === undefined || !isParty) return new Refusal(unknown, {});
  return uidOf(state, by) === actorUid ? undefined : new Refusal(notParty[by], {});
}

/** Why the aggregate does not allow the event at `nowMs`: its status first, then the event's guard. */
export function refusalOfState<
  State extends StateOf<Status, Party>,
  Status extends string,
  Event extends string,
  Party extends string,
  GuardName extends string,
  Said,
>(
  machine: Machine<Status, Event, Party, GuardName>,
  { guards, wrongStatus }: Rules<State, Status, Party, GuardName, Said>,
  event: Event,
  state: State,
  said: Said,
  nowMs: number,
): Refusal | undefined {
  const { from, guard } = machine.transitions[event];
  const status = statusAt(machine, state, nowMs);
  if (status !== from) return new Refusal(wrongStatus[status], {});
  if (guard === undefined || guards[guard].holds(state, said)) return undefined;
  return new Refusal(guards[guard].refusal, {});
}

function uidOf<Party extends string>(state: Readonly<Record<`${Party}Uid`, number>>, party: Party): number {
  return state[uidAttribute(party)];
}

/** `Object.keys` widens to string; the keys of the record are parties by its type. */
function partiesIn<Party extends string>(notParty: Readonly<Record<Party, unknown>>): Party[] {
  return Object.keys(notParty) as Party[];
}
