import type { Call } from '#lib/call.ts';
import { type AccountRecord, type RecordStatus, recordStatusAt } from '#lib/domain/directory/accountRecord.ts';
import { type Reason, Refusal } from '#lib/errors.ts';
import type { Visit } from '#lib/pages/page.ts';
import { tokenHashOf } from '#lib/store/directory/accountRecords.ts';
import { confirmCreation, confirmPromotion, failRecord } from '#lib/store/directory/concluding.ts';
import { findRecord } from '#lib/store/directory/recordReadings.ts';
import { claimedBy } from '#lib/store/emails.ts';
import { commit, isGivenUp, Stale, type Write } from '#lib/table/commit.ts';
import { latestMs } from '#lib/table/requests.ts';

const RERUN_PAUSE_MS = 20;
/** A token is short; whatever is longer names no record. */
const LONGEST_TOKEN = 128;

/** What a token is worth: the record it is for, and what has become of that. */
export interface Found {
  readonly record: AccountRecord;
  readonly status: RecordStatus;
  /** Whether this very visit has confirmed it. */
  readonly isNew?: boolean;
  /** Why it failed, where it did by this visit. */
  readonly reason?: Reason;
}

/** The record of a token, as it stands now; undefined for a token that nobody was sent. */
export async function findByToken(token: string, visit: Visit): Promise<Found | undefined> {
  const record = await recordOf(token, visit);
  return record && { record, status: recordStatusAt(record, visit.deps.ports.now()) };
}

/**
 * Confirms what a token is for, once. What stands against it by now ends the record as failed. Answers what it has come to, by this visit
 * or before; undefined for a token that nobody was sent. Throws `Busy` and `OutcomeUnknown`.
 */
export async function confirmByToken(token: string, visit: Visit): Promise<Found | undefined> {
  const { deps, remainingMs } = visit;
  const call = bearersCall(visit);
  do {
    const record = await recordOf(token, visit);
    // A write that is sent now may be carried out a little later, which has to be in time as well.
    const status = record && recordStatusAt(record, latestMs(call.now()));
    if (record === undefined || status === undefined) return undefined;
    if (status !== 'waiting') return { record, status };
    try {
      await commit(deps.table, await confirmationOf(record, token, visit, call), { remainingMs });
      return { record, status: 'done', isNew: true };
    } catch (error) {
      const reason = failureIn(error);
      if (reason !== undefined && (await hasFailed(record, token, reason, call, visit))) {
        return { record, status: 'failed', reason };
      }
    }
    await deps.ports.pause(RERUN_PAUSE_MS);
  } while (remainingMs() > 0);
  throw new Refusal('Busy', {});
}

async function recordOf(token: string, { deps }: Visit): Promise<AccountRecord | undefined> {
  if (token.length > LONGEST_TOKEN) return undefined;
  const record = await findRecord(deps.table, token.slice(0, Math.max(0, token.indexOf('.'))));
  return record?.tokenHash === tokenHashOf(token) ? record : undefined;
}

async function confirmationOf(record: AccountRecord, token: string, { deps }: Visit, call: Call): Promise<Write> {
  const { accounts, directories, ports, table } = deps;
  const tokenHash = tokenHashOf(token);
  if (record.kind === 'promotion') {
    const account = await accounts.find(record.uid);
    const former = account ? await claimedBy(table, account) : [];
    return confirmPromotion(record, tokenHash, former, call);
  }
  const prospect = await directories.prospect(record.managementUid, record.creation?.payerUid);
  const drawn = { seat: ports.random(), relationId: ports.ids.next(call.nowMs) };
  return confirmCreation(record, tokenHash, prospect, drawn, call);
}

/** Reasons that say nothing of what is confirmed, but of the moment or of the record itself, which is read again then. */
const passing: ReadonlySet<Reason> = new Set<Reason>(['RecordUnfit', 'RecordUnknown', 'LinkUnknown']);

/** Why it cannot be confirmed any more; undefined if it may be tried again. Throws what is no refusal of it. */
function failureIn(error: unknown): Reason | undefined {
  if (error instanceof Stale) return undefined;
  if (!(error instanceof Refusal) || isGivenUp(error)) throw error;
  return passing.has(error.reason) ? undefined : error.reason;
}

/** Ends the record as failed; false if something else has become of it meanwhile. */
async function hasFailed(
  record: AccountRecord,
  token: string,
  reason: Reason,
  call: Call,
  { deps, remainingMs }: Visit,
): Promise<boolean> {
  try {
    await commit(deps.table, failRecord(record, tokenHashOf(token), reason, call), { remainingMs });
    return true;
  } catch (error) {
    return failureIn(error) !== undefined;
  }
}

function bearersCall({ deps, received, requestId }: Visit): Call {
  const { ids, now } = deps.ports;
  const nowMs = now();
  return {
    requestId,
    action: 'ConfirmByMail',
    caller: { kind: 'bearer' },
    uid: undefined,
    sourceIp: received.sourceIp,
    nowMs,
    now,
    newEventId: () => ids.eventId(nowMs),
  };
}
