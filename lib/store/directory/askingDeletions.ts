import type { Call } from '#lib/call.ts';
import {
  type Deletion,
  type DeletionCheck,
  deletionCheckMachine,
  deletionMachine,
} from '#lib/domain/directory/deletion.ts';
import type { Finding } from '#lib/domain/directory/findings.ts';
import { isInDirectory } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import type { Candidate } from '#lib/store/directory/deletionReadings.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import { openCheck, openDeletion } from '#lib/store/directory/steps.ts';
import { deletionCheckKey, directoryKey, memberKey } from '#lib/store/keys.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, equal } from '#lib/table/expressions.ts';
import { absent, check } from '#lib/table/items.ts';

/** A member of a directory, as both were read. */
type Read = Pick<Candidate, 'directory' | 'member'>;

/**
 * Has a member checked; `Stale` if it has changed, if a check of it has been begun meanwhile, or its directory permits no deletions any more.
 */
export function askCheck({ directory, member }: Read, call: Call): Write {
  const { managementUid, uid } = member;
  const status = deletionCheckMachine.transitions.ask.to;
  const asked: DeletionCheck = { uid, managementUid, status, ...begun(call) };
  return [...remainsDeletable({ directory, member }, () => new Stale()), ...openCheck(asked, call)];
}

/**
 * Has a member deleted, whatever of `abandoned` stands against it. Refused with `MemberGone` if it has been deleted, or has left, since it
 * was read; `Stale` if anything else of it has changed, its deletion or a check has been begun, or its directory permits no deletions any more.
 */
export function askDeletion({ directory, member }: Read, abandoned: readonly Finding[], call: Call): Write {
  const { managementUid, uid } = member;
  const status = deletionMachine.transitions.ask.to;
  const asked: Deletion = { uid, managementUid, status, abandoned, ...begun(call) };
  const ofAnother = { text: '#managementUid <> :managementUid', values: { ':managementUid': managementUid } };
  return [
    ...remainsDeletable({ directory, member }, () => new Refusal('MemberGone', {})),
    check(
      deletionCheckKey(uid),
      [anyOf([absent, ofAnother, ...equal({ status: 'complete' }, 'over')])],
      () => new Stale(),
    ),
    ...openDeletion(asked, call, () => new Stale()),
  ];
}

/** That a member is as it was read, and its directory permits that it is deleted; refused with `gone` if it is no member any more. */
function remainsDeletable({ directory, member }: Read, gone: () => Error): Write {
  const { managementUid, uid, version } = member;
  return [
    check(memberKey(uid), equal({ status: 'joined', v: version, managementUid }, 'read'), (row) =>
      row && isInDirectory(memberOf(row)) ? new Stale() : gone(),
    ),
    check(
      directoryKey(managementUid),
      equal({ id: directory.id, permitsDeletion: true }, 'permitting'),
      () => new Stale(),
    ),
  ];
}

function begun({ nowMs, requestId }: Call) {
  return { version: 1, findings: [], requestId, createdAtMs: nowMs, updatedAtMs: nowMs };
}
