import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import { type Deletion, type DeletionCheck, isUnderWay } from '#lib/domain/directory/deletion.ts';
import { findingsOf, leftOf } from '#lib/domain/directory/findings.ts';
import { Refusal } from '#lib/errors.ts';
import type { JobContext, StreamOutcome, StreamRecord } from '#lib/jobs/job.ts';
import type { Ports } from '#lib/ports.ts';
import { findOwnKeys } from '#lib/store/accessKeys.ts';
import { claimedBy, readSeen, type Seen } from '#lib/store/directory/circumstances.ts';
import { fail, pass, release, removeAccount, revokeKeys } from '#lib/store/directory/deleting.ts';
import { checkOf, deletionOf } from '#lib/store/directory/deletions.ts';
import { deletionStepRow, moveCheck } from '#lib/store/directory/steps.ts';
import { deletionCheckKey, deletionKey } from '#lib/store/keys.ts';
import { commit, Stale, type Write } from '#lib/table/commit.ts';
import { imageOf } from '#lib/table/rowKind.ts';
import type { Table } from '#lib/table/table.ts';

const JOB = 'advanceDeletions';
/** How often a step is tried while what it is taken from changes. Then it is left for the sweep. */
const MOST_TRIES = 8;
/** How many keys are revoked in one transaction. */
const KEYS_AT_ONCE = 20;

type Step = v.InferOutput<typeof deletionStepRow.shape>;

/**
 * Takes the steps that new rows among the changes of the table call for, one for each row. Which step, the check or the deletion itself
 * tells, and it is one conditional transaction: a row that comes again, or late, does no harm. Answers from which row on the batch has to
 * be delivered again. What cannot be read, or keeps changing, is logged, counted and passed over.
 */
export async function advanceDeletions(
  { deps: { ports, table } }: JobContext<never>,
  records: readonly StreamRecord[],
): Promise<StreamOutcome> {
  let passedOver = 0;
  for (const { dynamodb } of records) {
    const sequenceNumber = dynamodb?.SequenceNumber ?? '';
    const step = v.safeParse(deletionStepRow.shape, imageOf(dynamodb?.NewImage ?? {}));
    try {
      if (step.success && (await isTaken(table, ports, step.output))) continue;
    } catch (error) {
      ports.log({ level: 'error', job: JOB, sequenceNumber, error: String(error) });
      return { again: sequenceNumber, passedOver };
    }
    ports.log({ level: 'error', job: JOB, sequenceNumber, isPassedOver: true });
    passedOver++;
  }
  return { again: undefined, passedOver };
}

/** Whether a step was taken, or there is none left to take. */
async function isTaken(table: Table, ports: Ports, step: Step): Promise<boolean> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    try {
      const write = step.of === 'check' ? await stepOfCheck(table, ports, step) : await stepOf(table, ports, step);
      await commit(table, write);
      return true;
    } catch (error) {
      const hasChanged = error instanceof Stale || (error instanceof Refusal && !isTransient(error));
      if (!hasChanged) throw error;
    }
  }
  return false;
}

function isTransient({ reason }: Refusal): boolean {
  return reason === 'Busy' || reason === 'OutcomeUnknown';
}

async function stepOfCheck(table: Table, ports: Ports, { uid }: Step): Promise<Write> {
  const row = await table.get(deletionCheckKey(uid));
  const check = row && checkOf(row);
  if (check === undefined || !isUnderWay(check)) return [];
  const call = callFor(check, 'CheckAccountDelete', ports);
  return moveCheck(check, findingsOf(await readSeen(table, check, call.nowMs)), call);
}

async function stepOf(table: Table, ports: Ports, { uid }: Step): Promise<Write> {
  const row = await table.get(deletionKey(uid));
  const deletion = row && deletionOf(row);
  if (deletion === undefined || !isUnderWay(deletion)) return [];
  const call = callFor(deletion, 'DeleteAccount', ports);
  if (deletion.status === 'revoking') {
    const keys = await findOwnKeys(table, uid, KEYS_AT_ONCE);
    return revokeKeys(deletion, keys, keys.length < KEYS_AT_ONCE, call);
  }
  const seen = await readSeen(table, deletion, call.nowMs);
  const left = leftOf(findingsOf(seen), deletion.abandoned);
  return left.length > 0 ? fail(deletion, left, call) : nextOf(table, deletion, seen, call);
}

/** The step of a deletion that nothing stands against. */
async function nextOf(table: Table, deletion: Deletion, seen: Seen, call: Call): Promise<Write> {
  if (deletion.status === 'checking') return pass(deletion, call);
  if (deletion.status === 'releasing' || seen.relation) return release(deletion, seen, call);
  const claimed = seen.account ? await claimedBy(table, seen.account) : [];
  return removeAccount(deletion, seen, claimed, call);
}

/** A step is taken for the account that asked, as a part of that call. */
function callFor({ managementUid: uid, requestId }: DeletionCheck | Deletion, action: string, ports: Ports): Call {
  const nowMs = ports.now();
  return {
    requestId,
    action,
    caller: { kind: 'account', keyId: '', uid, isRoot: false },
    uid,
    newEventId: () => ports.ids.eventId(nowMs),
    nowMs,
    now: ports.now,
    sourceIp: '',
  };
}
