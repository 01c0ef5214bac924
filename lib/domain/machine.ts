/** Who may fire a transition: a party of the aggregate, or the clock when a deadline has passed. */
export type Actor = 'parent' | 'child' | 'clock';

/** One row of a state table. `from: 'nothing'` creates the aggregate; `guard` names one more condition of the write. */
export interface Transition<Status extends string, Guard extends string = string> {
  readonly from: Status | 'nothing';
  readonly to: Status;
  readonly by: Actor;
  readonly guard?: Guard;
}

/** Statuses that wait for a deadline, and the status each amounts to once it has passed, whether swept or not. */
export type Lapses<Status extends string> = { readonly [Waiting in Status]?: Status };

/** The state table of an aggregate: the only source of its write conditions, refusals, diagrams and test model. */
export interface Machine<Status extends string, Event extends string, Guard extends string = string> {
  readonly name: string;
  readonly lapses: Lapses<Status>;
  readonly transitions: Readonly<Record<Event, Transition<Status, Guard>>>;
}

/** How an aggregate of some status may stand in its row: as itself, or as one whose deadline lies ahead or behind. */
export interface StoredForm<Status extends string> {
  readonly status: Status;
  readonly deadline?: 'ahead' | 'passed';
}

/** Declares a state table; the types refuse an unknown status, event or guard. */
export function defineMachine<Status extends string, Event extends string, Guard extends string>(
  machine: Machine<Status, Event, Guard>,
): Machine<Status, Event, Guard> {
  return machine;
}

/** The status a row amounts to at `nowMs`: expiry is a comparison, not something a sweep must have done in time. */
export function statusAt<Status extends string>(
  lapses: Lapses<Status>,
  row: { readonly status: Status; readonly deadlineMs?: number | undefined },
  nowMs: number,
): Status {
  const lapsed = lapses[row.status];
  return lapsed !== undefined && row.deadlineMs !== undefined && row.deadlineMs <= nowMs ? lapsed : row.status;
}

/** Every way a row can be stored that amounts to `status`; the inverse of {@link statusAt}. */
export function storedForms<Status extends string>(lapses: Lapses<Status>, status: Status): StoredForm<Status>[] {
  const itself: StoredForm<Status> = lapses[status] === undefined ? { status } : { status, deadline: 'ahead' };
  const overdue = statusesIn(lapses).filter((waiting) => lapses[waiting] === status);
  return [itself, ...overdue.map((waiting) => ({ status: waiting, deadline: 'passed' as const }))];
}

/** The stored forms a transition may start from; the clock starts only from a form whose deadline has passed. */
export function startsFrom<Status extends string>(
  lapses: Lapses<Status>,
  { from, by }: Transition<Status>,
): StoredForm<Status>[] {
  if (from === 'nothing') return [];
  return by === 'clock' ? [{ status: from, deadline: 'passed' }] : storedForms(lapses, from);
}

/** `Object.keys` widens to string; the keys of `lapses` are statuses by its type. */
function statusesIn<Status extends string>(lapses: Lapses<Status>): Status[] {
  return Object.keys(lapses) as Status[];
}
