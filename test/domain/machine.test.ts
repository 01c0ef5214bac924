import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Machine,
  type StoredForm,
  startsFrom,
  statusAt,
  storedForms,
  type Transition,
} from '#lib/domain/machine.ts';
import { relationRules } from '#lib/domain/relation/refusals.ts';
import {
  phaseOf,
  type RelationEvent,
  type RelationStatus,
  relationMachine,
  relationStatuses,
} from '#lib/domain/relation/relation.ts';
import { refusalOfState } from '#lib/domain/rules.ts';
import { aRelation, nowMs } from '#test/domain/relations.ts';

const events = Object.keys(relationMachine.transitions).filter(isEvent);
const pairs = events.flatMap((event) => relationStatuses.map((status) => ({ event, status })));
const anyStatus = fc.constantFrom(...relationStatuses);
const deadline = fc.option(fc.integer({ min: nowMs - 5, max: nowMs + 5 }), { nil: undefined });

/** Any machine over the statuses of relations. */
type AnyMachine = Machine<RelationStatus, string>;

/** A machine whose only transitions are lapses, from each status to the given one. */
function lapsingAs(targets: Partial<Record<RelationStatus, RelationStatus>>): AnyMachine {
  const entries = relationStatuses.flatMap((from) => {
    const to = targets[from];
    return to === undefined ? [] : [{ from, to, event: `lapse ${from}` }];
  });
  return {
    name: 'lapsing',
    lapses: Object.fromEntries(entries.map(({ event, from }) => [from, event])),
    transitions: Object.fromEntries(entries.map(({ event, from, to }) => [event, { from, to, by: 'clock' }])),
  };
}

function isEvent(key: string): key is RelationEvent {
  return key in relationMachine.transitions;
}

/** The transition of an event, typed as one that may have a guard. */
function transitionOf(event: RelationEvent): Transition<RelationStatus> {
  return relationMachine.transitions[event];
}

function isStoredAs(
  form: StoredForm<string>,
  row: { readonly status: string; readonly deadlineMs: number | undefined },
): boolean {
  if (form.status !== row.status) return false;
  if (form.deadline === undefined) return true;
  if (row.deadlineMs === undefined) return false;
  return form.deadline === 'passed' ? row.deadlineMs <= nowMs : row.deadlineMs > nowMs;
}

/** Any possible row: it has a deadline if and only if its status waits for one. */
const possibleRow = ({ lapses }: AnyMachine) =>
  fc
    .record({ status: anyStatus, deadlineMs: fc.integer({ min: nowMs - 5, max: nowMs + 5 }) })
    .map(({ status, deadlineMs }) => ({ status, deadlineMs: lapses[status] === undefined ? undefined : deadlineMs }));

describe('the state table of a relation', () => {
  it.each(pairs)('decides $event of a relation that is $status', ({ event, status }) => {
    const { from, guard } = transitionOf(event);
    const waits = relationMachine.lapses;
    const deadlineMs = status in waits ? nowMs + 1 : undefined;
    const reason = refusalOfState(
      relationMachine,
      relationRules,
      event,
      aRelation({ status, deadlineMs }),
      { confirmed: [] },
      nowMs,
    )?.reason;
    const wrongStatus = `Relation${status.charAt(0).toUpperCase()}${status.slice(1)}`;
    expect(reason).toBe(from === status ? guard && 'PermissionsDiffer' : wrongStatus);
  });

  it('has no way out of a final status, and a way out of every other', () => {
    const left = new Set<string>(events.map((event) => transitionOf(event).from));
    for (const status of relationStatuses) expect(left.has(status), status).toBe(phaseOf(status) !== 'past');
  });

  it('lets no final status lapse', () => {
    const lapsing = relationStatuses.filter((status) => relationMachine.lapses[status] !== undefined);
    expect(lapsing.map(phaseOf)).not.toContain('past');
  });

  it('reaches every status', () => {
    const reached = new Set<string>(['nothing']);
    for (const _ of relationStatuses) {
      for (const event of events) if (reached.has(transitionOf(event).from)) reached.add(transitionOf(event).to);
    }
    expect([...reached].toSorted()).toEqual([...relationStatuses, 'nothing'].toSorted());
  });

  it('has exactly one event of the clock for every lapse, and none besides', () => {
    const byClock = events.map(transitionOf).filter(({ by }) => by === 'clock');
    const due = Object.entries(relationMachine.lapses).map(([status, event]) => [status, transitionOf(event).to]);
    expect(byClock.map(({ from, to }) => [from, to])).toEqual(due);
    expect(byClock).toHaveLength(Object.keys(relationMachine.lapses).length);
  });

  it('never brings a relation back once it is past', () => {
    for (const event of events) {
      const { from, to } = transitionOf(event);
      if (from !== 'nothing' && phaseOf(from) === 'inEffect') expect(phaseOf(to), event).not.toBe('offered');
    }
  });

  it('begins by the parent alone', () => {
    const beginnings = events.map(transitionOf).filter(({ from }) => from === 'nothing');
    expect(beginnings.map(({ by }) => by)).toEqual(['parent', 'parent']);
  });
});

describe('the status a row amounts to', () => {
  const anyMachine = fc.constantFrom<AnyMachine>(
    relationMachine,
    lapsingAs({}),
    lapsingAs({ inviting: 'expired' }),
    lapsingAs({ inviting: 'active', changing: 'active', active: 'ended' }),
  );
  const machineAndRow = anyMachine.chain((machine) => fc.tuple(fc.constant(machine), possibleRow(machine)));

  it('is the one status whose stored forms the row matches', () => {
    fc.assert(
      fc.property(machineAndRow, ([machine, row]) => {
        const matched = relationStatuses.filter((status) =>
          storedForms(machine, status).some((form) => isStoredAs(form, row)),
        );
        expect(matched).toEqual([statusAt(machine, row, nowMs)]);
      }),
    );
  });

  it('is matched by exactly one of its stored forms', () => {
    fc.assert(
      fc.property(machineAndRow, ([machine, row]) => {
        const forms = relationStatuses.flatMap((status) => storedForms(machine, status));
        expect(forms.filter((form) => isStoredAs(form, row))).toHaveLength(1);
      }),
    );
  });

  it('is what stands in the row while no deadline has passed', () => {
    fc.assert(
      fc.property(anyMachine, anyStatus, deadline, (machine, status, deadlineMs) => {
        fc.pre(deadlineMs === undefined || deadlineMs > nowMs);
        expect(statusAt(machine, { status, deadlineMs }, nowMs)).toBe(status);
      }),
    );
  });

  it('has lapsed at its deadline, not a millisecond before', () => {
    const row = { status: 'inviting', deadlineMs: nowMs } as const;
    expect(statusAt(relationMachine, row, nowMs - 1)).toBe('inviting');
    expect(statusAt(relationMachine, row, nowMs)).toBe('expired');
  });
});

describe('the forms a transition starts from', () => {
  it('are those that amount to its `from`; for the clock, those overdue', () => {
    fc.assert(
      fc.property(fc.constantFrom(...events), possibleRow(relationMachine), (event, row) => {
        const transition = transitionOf(event);
        const starts = startsFrom(relationMachine, event).some((form) => isStoredAs(form, row));
        const isOverdue = row.deadlineMs !== undefined && row.deadlineMs <= nowMs;
        const mayStart =
          transition.by === 'clock'
            ? row.status === transition.from && isOverdue
            : statusAt(relationMachine, row, nowMs) === transition.from;
        expect(starts).toBe(mayStart);
      }),
    );
  });

  it('are none for a transition that creates', () => {
    expect(startsFrom(relationMachine, 'invite')).toEqual([]);
  });
});
