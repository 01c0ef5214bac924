import type { AskedRecord } from '#lib/domain/directory/accountRecord.ts';
import type { Member } from '#lib/domain/directory/member.ts';
import { accountViewOf } from '#lib/products/directory/views.ts';
import {
  accountTypeNames,
  joinMethodNames,
  toTheMillisecond,
  toTheSecond,
} from '#lib/products/directory/vocabulary.ts';

/** A member whose promotion has just been asked for, under the name it is to have. */
export function promotingAccountViewOf(member: Member, { deadlineMs, email, id }: AskedRecord, nowMs: number) {
  const promoting = { ...member, promotion: { recordId: id, deadlineMs }, updatedAtMs: nowMs };
  const { ModifyTime, ...shown } = accountViewOf(promoting, email, nowMs, toTheSecond);
  return { ...shown, RecordId: id, ModifyTime };
}

/** An account whose creation has just been asked for. It joins nothing before it is confirmed, so there is no JoinTime. */
export function pendingAccountViewOf({ creation, displayName, email, id, uid }: AskedRecord, nowMs: number) {
  return {
    ResourceDirectoryId: creation?.directoryId ?? '',
    AccountId: String(uid),
    AccountName: email,
    DisplayName: displayName,
    FolderId: creation?.folderId ?? '',
    JoinMethod: joinMethodNames.created,
    Type: accountTypeNames.cloud,
    Status: 'CreateVerifying',
    RecordId: id,
    ModifyTime: toTheMillisecond(nowMs),
  };
}
