import * as v from 'valibot';
import { effectiveSinceMs, endedAtMs, type Relation } from '#lib/domain/relation/relation.ts';
import { policyNames, statusCodes } from '#lib/products/bss/vocabulary.ts';

const time = v.optional(v.string());

/** One row of QueryRelationList (docs/vendors/alibaba-bss.md 8.6); `AccountId` is the other party. */
export const relationInfo = v.object({
  RelationId: v.number(),
  RelationType: v.string(),
  State: v.string(),
  AccountId: v.number(),
  AccountType: v.picklist(['MASTER', 'MEMBER']),
  AccountName: v.string(),
  AccountNickName: v.string(),
  SetupTime: time,
  StartTime: time,
  EndTime: time,
});

export type RelationInfo = v.InferOutput<typeof relationInfo>;

/** The relation as the party `uid` sees it in its list. */
export function relationInfoOf(relation: Relation, uid: number): RelationInfo {
  const isParent = relation.parentUid === uid;
  return {
    RelationId: relation.id,
    ...relationTimesOf(relation),
    AccountId: isParent ? relation.childUid : relation.parentUid,
    AccountType: isParent ? 'MEMBER' : 'MASTER',
    AccountName: isParent ? relation.childName : relation.parentName,
    // The nick is what the parent calls the child.
    AccountNickName: isParent ? relation.nick : '',
  };
}

/** What both queries show of a relation: type, state and times to the minute, `EndTime` only once it has ended. */
export function relationTimesOf(relation: Relation) {
  const since = effectiveSinceMs(relation);
  const until = endedAtMs(relation);
  return {
    RelationType: policyNames[relation.policy],
    State: statusCodes[relation.status],
    SetupTime: minuteTime(relation.createdAtMs),
    ...(since !== undefined && { StartTime: minuteTime(since) }),
    ...(until !== undefined && { EndTime: minuteTime(until) }),
  };
}

/** The times of BSS queries: UTC to the minute, as every sample has them (docs/vendors/alibaba-bss.md 6.3, Q4). */
export function minuteTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16)}Z`;
}
