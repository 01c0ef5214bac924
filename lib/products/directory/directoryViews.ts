import * as v from 'valibot';
import type { Account } from '#lib/domain/account.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { resourceManager } from '#lib/products/directory/product.ts';
import { enablement, toTheMillisecond } from '#lib/products/directory/vocabulary.ts';

/** The directory as the operations show it that make one (docs/vendors/alibaba-resource-directory.md 7.4). */
export const newResourceDirectory = v.object({
  ResourceDirectoryId: v.string(),
  MasterAccountId: v.string(),
  MasterAccountName: v.string(),
  RootFolderId: v.string(),
  CreateTime: v.string(),
});

/** The same as it is read. Two names for one status: older clients know the first alone (docs/vendors/alibaba-resource-directory.md 13.12). */
export const fullResourceDirectory = v.object({
  ...newResourceDirectory.entries,
  ScpStatus: v.optional(v.string()),
  ControlPolicyStatus: v.string(),
  MemberDeletionStatus: v.string(),
  MemberAccountDisplayNameSyncStatus: v.optional(v.string()),
  IdentityInformation: v.string(),
});

/** A directory with all that is known of it. */
export function fullResourceDirectoryViewOf(directory: Directory, management: Account, version: string) {
  const ControlPolicyStatus = enablement(directory.controlPolicy);
  return {
    ...resourceDirectoryViewOf(directory, management),
    ...(version === resourceManager
      ? { ScpStatus: ControlPolicyStatus }
      : { MemberAccountDisplayNameSyncStatus: enablement(directory.displayNameSync) }),
    ControlPolicyStatus,
    MemberDeletionStatus: enablement(directory.permitsDeletion),
    IdentityInformation: management.legalName,
  };
}

/** A directory, with the account that manages it. */
export function resourceDirectoryViewOf({ createdAtMs, id, rootFolderId }: Directory, { name, uid }: Account) {
  return {
    ResourceDirectoryId: id,
    MasterAccountId: String(uid),
    MasterAccountName: name,
    RootFolderId: rootFolderId,
    CreateTime: toTheMillisecond(createdAtMs),
  };
}
