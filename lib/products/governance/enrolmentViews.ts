import * as v from 'valibot';
import { folderIdOf, type Member } from '#lib/domain/directory/member.ts';
import {
  type EnrolledItem,
  type EnrolmentInputs,
  type EnrolmentPlan,
  effectiveItems,
} from '#lib/domain/governance/effective.ts';
import type { Enrolment, EnrolmentStatus } from '#lib/domain/governance/enrolment.ts';
import { type ItemStatus, progressOf } from '#lib/domain/governance/itemProgress.ts';
import { toTheSecond } from '#lib/products/directory/vocabulary.ts';

/** The vendor's statuses (docs/vendors/alibaba-governance.md 5.1). To it an item that waits for somebody is being applied. */
const statusNames = {
  scheduling: 'Scheduling',
  pending: 'Pending',
  running: 'Running',
  awaiting: 'Running',
  resting: 'Running',
  finished: 'Finished',
  failed: 'Failed',
} as const satisfies Record<EnrolmentStatus, string>;

const itemStatusNames = {
  pending: 'Pending',
  running: 'Running',
  finished: 'Finished',
  failed: 'Failed',
} as const satisfies Record<ItemStatus, string>;

const item = v.object({
  Name: v.string(),
  Version: v.string(),
  Config: v.optional(v.string()),
  Skip: v.boolean(),
});

const inputs = v.object({
  AccountNamePrefix: v.optional(v.string()),
  DisplayName: v.optional(v.string()),
  FolderId: v.optional(v.string()),
  PayerAccountUid: v.optional(v.number()),
  AccountUid: v.optional(v.number()),
  BaselineItems: v.array(item),
  Tag: v.optional(v.array(v.object({ Key: v.string(), Value: v.string() }))),
});

/** An account as the list of those enrolled shows it (docs/vendors/alibaba-governance.md 7.4). */
export const listedEnrolment = v.object({
  AccountUid: v.number(),
  DisplayName: v.string(),
  FolderId: v.string(),
  PayerAccountUid: v.optional(v.number()),
  BaselineId: v.string(),
  Status: v.string(),
  CreateTime: v.string(),
  UpdateTime: v.string(),
});

/** The same with all that is known of it, in the order of the vendor's sample (docs/vendors/alibaba-governance.md 7.3, 11). */
export const enrolledAccount = v.object({
  AccountUid: v.number(),
  DisplayName: v.string(),
  MasterAccountUid: v.number(),
  FolderId: v.string(),
  PayerAccountUid: v.optional(v.number()),
  BaselineId: v.string(),
  Initialized: v.boolean(),
  Status: v.string(),
  CreateTime: v.string(),
  UpdateTime: v.string(),
  Inputs: inputs,
  BaselineItems: v.array(item),
  Progress: v.array(v.object({ Name: v.string(), Status: v.string() })),
  ErrorInfo: v.optional(
    v.object({ Code: v.string(), Message: v.string(), Recommend: v.string(), RequestId: v.string() }),
  ),
});

/** An enrolment with its member and the uid of the payer; undefined for a member that pays for itself. */
interface Shown {
  readonly enrolment: Enrolment;
  readonly member: Member;
  readonly payerUid: number | undefined;
}

export function listedEnrolmentViewOf({ enrolment, member, payerUid }: Shown) {
  return {
    AccountUid: enrolment.uid,
    DisplayName: member.displayName,
    FolderId: folderIdOf(member),
    ...(payerUid !== undefined && { PayerAccountUid: payerUid }),
    BaselineId: enrolment.baselineId,
    Status: statusNames[enrolment.status],
    CreateTime: toTheSecond(enrolment.createdAtMs),
    UpdateTime: toTheSecond(enrolment.updatedAtMs),
  };
}

export function enrolledAccountViewOf({ plan, ...shown }: Shown & { readonly plan: EnrolmentPlan }) {
  const { failure, isInitialized, managementUid, requestId } = shown.enrolment;
  const { AccountUid, DisplayName, FolderId, PayerAccountUid, BaselineId, ...moving } = listedEnrolmentViewOf(shown);
  return {
    AccountUid,
    DisplayName,
    MasterAccountUid: managementUid,
    FolderId,
    ...(PayerAccountUid !== undefined && { PayerAccountUid }),
    BaselineId,
    Initialized: isInitialized,
    ...moving,
    Inputs: inputsOf(plan.inputs),
    BaselineItems: effectiveItems(plan).map(itemViewOf),
    Progress: progressOf(shown.enrolment).map(({ name, status }) => ({ Name: name, Status: itemStatusNames[status] })),
    ...(failure && {
      ErrorInfo: {
        Code: failure.code,
        Message: failure.message,
        Recommend: `https://next.api.aliyun.com/troubleshoot?q=${failure.code}&product=${failure.product}`,
        // Nothing downstream has a request of its own: the call that enrolled the account is what can be followed.
        RequestId: requestId,
      },
    }),
  };
}

/** What was not said is not there: an empty list of tags would mean that they were taken off (docs/vendors/alibaba-governance.md 7.3). */
function inputsOf({ displayName, folderId, items, namePrefix, payerUid, tags, uid }: EnrolmentInputs) {
  return {
    ...(namePrefix !== undefined && { AccountNamePrefix: namePrefix }),
    ...(displayName !== undefined && { DisplayName: displayName }),
    ...(folderId !== undefined && { FolderId: folderId }),
    ...(payerUid !== undefined && { PayerAccountUid: payerUid }),
    ...(uid !== undefined && { AccountUid: uid }),
    BaselineItems: items.map(itemViewOf),
    ...(tags && { Tag: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
  };
}

function itemViewOf({ config, name, skip, version }: EnrolledItem) {
  return { Name: name, Version: version, ...(config !== undefined && { Config: config }), Skip: skip };
}
