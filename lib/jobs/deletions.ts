import type { Call } from '#lib/call.ts';
import { type Deletion, isUnderWay } from '#lib/domain/directory/deletion.ts';
import { findingsOf, leftOf } from '#lib/domain/directory/findings.ts';
import type { JobContext, StreamOutcome, StreamRecord } from '#lib/jobs/job.ts';
import { callFor, type Steps, takeSteps } from '#lib/jobs/steps.ts';
import type { Ports } from '#lib/ports.ts';
import { findOwnKeys } from '#lib/store/accessKeys.ts';
import { readSeen, type Seen } from '#lib/store/directory/circumstances.ts';
import { fail, pass, release, removeAccount, revokeKeys } from '#lib/store/directory/deleting.ts';
import { checkOf, deletionOf } from '#lib/store/directory/deletions.ts';
import { deletionStepRow, moveCheck } from '#lib/store/directory/steps.ts';
import { claimedBy } from '#lib/store/emails.ts';
import { readEnrolled } from '#lib/store/governance/enrolled.ts';
import { deletionCheckKey, deletionKey } from '#lib/store/keys.ts';
import { settle } from '#lib/store/relations/settling.ts';
import type { Write } from '#lib/table/commit.ts';
import type { Table } from '#lib/table/table.ts';

/** How many keys are revoked in one transaction. */
const KEYS_AT_ONCE = 20;

/** Takes the steps of checks and deletions that new rows among the changes of the table call for, as {@link takeSteps} does. */
export function advanceDeletions(
  { deps: { ports, table } }: JobContext<never>,
  records: readonly StreamRecord[],
): Promise<StreamOutcome> {
  const steps: Steps<typeof deletionStepRow.shape> = {
    job: 'advanceDeletions',
    kind: deletionStepRow,
    ports,
    table,
    uidsOf: ({ uid }) => [uid],
    nextOf: (uid, { of }) => (of === 'check' ? stepOfCheck(table, ports, uid) : stepOf(table, ports, uid)),
  };
  return takeSteps(steps, records);
}

async function stepOfCheck(table: Table, ports: Ports, uid: number): Promise<Write> {
  const row = await table.get(deletionCheckKey(uid));
  const check = row && checkOf(row);
  if (check === undefined || !isUnderWay(check)) return [];
  const call = callFor(check, 'CheckAccountDelete', ports);
  return moveCheck(check, findingsOf(await see(table, check, call)), call);
}

/** What stands against it. The account's relations as a parent are settled first where that may decide: only then is it counted which are past. */
async function see(table: Table, of: Parameters<typeof readSeen>[1], { nowMs }: Call): Promise<Seen> {
  const seen = await readSeen(table, of, nowMs);
  if (seen.relationsAsParent === 0) return seen;
  await settle(table, of.uid);
  return readSeen(table, of, nowMs);
}

async function stepOf(table: Table, ports: Ports, uid: number): Promise<Write> {
  const row = await table.get(deletionKey(uid));
  const deletion = row && deletionOf(row);
  if (deletion === undefined || !isUnderWay(deletion)) return [];
  const call = callFor(deletion, 'DeleteAccount', ports);
  if (deletion.status === 'revoking') {
    const keys = await findOwnKeys(table, uid, KEYS_AT_ONCE);
    return revokeKeys(deletion, keys, keys.length < KEYS_AT_ONCE, call);
  }
  const seen = await see(table, deletion, call);
  const left = leftOf(findingsOf(seen), deletion.abandoned);
  return left.length > 0 ? fail(deletion, left, call) : nextOf(table, deletion, seen, call);
}

/** The step of a deletion that nothing stands against. */
async function nextOf(table: Table, deletion: Deletion, seen: Seen, call: Call): Promise<Write> {
  if (deletion.status === 'checking') return pass(deletion, seen, call);
  if (deletion.status === 'releasing' || seen.relation) return release(deletion, seen, call);
  const claimed = seen.account ? await claimedBy(table, seen.account) : [];
  return removeAccount(deletion, seen, claimed, await readEnrolled(table, deletion.uid), call);
}
