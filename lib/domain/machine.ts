/**
 * One row of a state table. `from: 'nothing'` creates the aggregate. `by` is one of its parties, the clock when a deadline has
 * passed, or the bearer of a secret that the guard compares. `guard` names one more condition, `effects` what the write does
 * besides changing the status.
 */
export interface Transition<
  Status extends string,
  Party extends string = string,
  Guard extends string = string,
  Effect extends string = string,
> {
  readonly from: Status | 'nothing';
  readonly to: Status;
  readonly by: Party | Stranger;
  readonly guard?: Guard;
  readonly effects?: readonly Effect[];
}

/** What may bring an event about without being a party. */
const strangers = ['clock', 'bearer'] as const;

type Stranger = (typeof strangers)[number];

/** Whether an event is brought about by a party of the aggregate. */
export function isByParty<Party extends string>(by: Party | Stranger): by is Exclude<Party, Stranger> {
  return !strangers.some((stranger) => stranger === by);
}

/** The statuses that have a deadline, each with the clock's event that is due once that has passed. */
export type Lapses<Status extends string, Event extends string> = { readonly [Waiting in Status]?: Event };

/** The state table of an aggregate: the only source of its write conditions, refusals, diagrams and test model. */
export interface Machine<
  Status extends string,
  Event extends string,
  Party extends string = string,
  Guard extends string = string,
  Effect extends string = string,
> {
  readonly name: string;
  readonly lapses: Lapses<Status, Event>;
  readonly transitions: Readonly<Record<Event, Transition<Status, Party, Guard, Effect>>>;
}

/** How a status may be stored: the status in the row and, if that has a deadline, whether it lies ahead or has passed. */
export interface StoredForm<Status extends string> {
  readonly status: Status;
  readonly deadline?: 'ahead' | 'passed';
}

/** Declares a state table; the types refuse an unknown status, event, party, guard or effect. */
export function defineMachine<
  Status extends string,
  Event extends string,
  Party extends string,
  Guard extends string = never,
  Effect extends string = never,
>(machine: {
  readonly name: string;
  readonly lapses: Lapses<NoInfer<Status>, NoInfer<Event>>;
  readonly transitions: Readonly<Record<Event, Transition<Status, Party, Guard, Effect>>>;
}): Machine<Status, Event, Party, Guard, Effect> {
  return machine;
}

/** The clock's event that is due at `nowMs`. Expiry is a comparison, and does not depend on a sweep being in time. */
export function dueEvent<Status extends string, Event extends string>(
  { lapses }: Machine<Status, Event>,
  { status, deadlineMs }: { readonly status: Status; readonly deadlineMs?: number | undefined },
  nowMs: number,
): Event | undefined {
  return deadlineMs !== undefined && deadlineMs <= nowMs ? lapses[status] : undefined;
}

/** The status of a row at `nowMs`, whether or not a lapse is recorded. */
export function statusAt<Status extends string, Event extends string>(
  machine: Machine<Status, Event>,
  row: { readonly status: Status; readonly deadlineMs?: number | undefined },
  nowMs: number,
): Status {
  const due = dueEvent(machine, row, nowMs);
  return due === undefined ? row.status : machine.transitions[due].to;
}

/** Every stored form that means `status`, the inverse of {@link statusAt}. The form with that very status comes first. */
export function storedForms<Status extends string, Event extends string>(
  { lapses, transitions }: Machine<Status, Event>,
  status: Status,
): StoredForm<Status>[] {
  const itself: StoredForm<Status> = lapses[status] === undefined ? { status } : { status, deadline: 'ahead' };
  const lapsed = eventsIn(lapses).map((event) => transitions[event]);
  const overdue = lapsed.flatMap(({ from, to }) => (to === status && from !== 'nothing' ? [from] : []));
  return [itself, ...overdue.map((waiting) => ({ status: waiting, deadline: 'passed' as const }))];
}

/** The stored forms that a transition may start from. The clock starts only from one whose deadline has passed. */
export function startsFrom<Status extends string, Event extends string>(
  machine: Machine<Status, Event>,
  event: Event,
): StoredForm<Status>[] {
  const { by, from } = machine.transitions[event];
  if (from === 'nothing') return [];
  return by === 'clock' ? [{ status: from, deadline: 'passed' }] : storedForms(machine, from);
}

/** The attribute that holds the uid of a party. */
export function uidAttribute<Party extends string>(party: Party): `${Party}Uid` {
  return `${party}Uid`;
}

/** `Object.values` of a partial record may hold undefined by its type. */
function eventsIn<Status extends string, Event extends string>(lapses: Lapses<Status, Event>): Event[] {
  return Object.values<Event | undefined>(lapses).filter((event) => event !== undefined);
}
