import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import {
  type Deletion,
  type DeletionCheck,
  deletionCheckMachine,
  deletionMachine,
  isUnderWay,
} from '#lib/domain/directory/deletion.ts';
import type { Move } from '#lib/store/aggregate.ts';
import {
  type DeletionKind,
  deletionAggregate,
  deletionCheckAggregate,
  deletionCheckRow,
  deletionRow,
} from '#lib/store/directory/deletions.ts';
import { ownersOf } from '#lib/store/directory/members.ts';
import { deletionCheckKey, deletionKey, deletionStepKey, deletionUidOf } from '#lib/store/keys.ts';
import { eventRecord } from '#lib/store/ledger.ts';
import { dueFrom, STALLED_AFTER_MS, stepOut, takeUp } from '#lib/store/steps.ts';
import { transition } from '#lib/store/transition.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { anyOf, equal } from '#lib/table/expressions.ts';
import { absent, put } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Key } from '#lib/table/table.ts';

const undertakings = ['check', 'deletion'] as const;

/** Which of the two a step is of. */
export type Undertaking = (typeof undertakings)[number];

/** Says that a step is to be taken; which, the check or the deletion itself tells. Its insertion wakes the job. */
export const deletionStepRow = rowKind({
  type: 'deletionStep',
  shape: v.object({ uid: v.number(), of: v.picklist(undertakings) }),
});

/** Opens a check in place of an earlier one, which must be over; `Stale` if it is not. */
export function openCheck({ version, ...check }: DeletionCheck, call: Call): Write {
  const row = deletionCheckRow.row(deletionCheckKey(check.uid), { v: version, ...check, ...dueFrom(check.uid, call) });
  return [
    put(row, [anyOf([absent, ...equal({ status: 'complete' }, 'over')])], () => new Stale()),
    ...opened(deletionCheckMachine, check, 'check', call),
  ];
}

/** Opens a deletion in place of one that has failed; refused as given if there is another. */
export function openDeletion({ version, ...deletion }: Deletion, call: Call, refused: () => Error): Write {
  const row = deletionRow.row(deletionKey(deletion.uid), { v: version, ...deletion, ...dueFrom(deletion.uid, call) });
  const failed = (['checkFailed', 'deleteFailed'] as const).flatMap((status) => equal({ status }, status));
  return [put(row, [anyOf([absent, ...failed])], refused), ...opened(deletionMachine, deletion, 'deletion', call)];
}

/** The write of one move of a check. */
export function moveCheck(check: DeletionCheck, found: DeletionCheck['findings'], call: Call): Write {
  return transition(deletionCheckAggregate, {
    event: 'complete',
    id: check.uid,
    call,
    owners: ownersOf(check),
    conditions: equal({ v: check.version }, 'read'),
    change: { set: { findings: found } },
  });
}

/** The write of one step of a deletion. Unless it is the last, the next follows. `Stale` if the deletion is no longer as it was read. */
export function moveDeletion(
  deletion: Deletion,
  event: DeletionKind['event'],
  call: Call,
  { change, facts }: Pick<Move<DeletionKind>, 'change' | 'facts'> = {},
): Write {
  const { uid, version } = deletion;
  const isLast = !isUnderWay({ status: deletionMachine.transitions[event].to });
  return [
    ...transition(deletionAggregate, {
      event,
      id: uid,
      call,
      owners: ownersOf(deletion),
      conditions: equal({ v: version }, 'read'),
      deadlineMs: isLast ? undefined : call.nowMs + STALLED_AFTER_MS,
      ...(change && { change }),
      ...(facts && { facts }),
    }),
    ...(isLast ? [] : [nextStep(uid, 'deletion', call)]),
  ];
}

/** Has a step that nobody has taken in time taken again; `Stale` if somebody has. */
export function takeUpDeletion(of: Undertaking, key: Key, call: Call): Write {
  return takeUp(key, nextStep(deletionUidOf(key), of, call), call);
}

function opened(
  { name, transitions }: typeof deletionCheckMachine | typeof deletionMachine,
  undertaken: Pick<DeletionCheck, 'uid' | 'managementUid'>,
  of: Undertaking,
  call: Call,
): WriteItem[] {
  const { from, to } = transitions.ask;
  const { uid } = undertaken;
  return [
    eventRecord({ subject: name, id: uid, owners: ownersOf(undertaken), event: 'ask', from, to }, call),
    nextStep(uid, of, call),
  ];
}

function nextStep(uid: number, of: Undertaking, call: Call): WriteItem {
  return stepOut(deletionStepRow, (id) => deletionStepKey(uid, id), { uid, of }, call);
}
