import * as v from 'valibot';
import type { Account } from '#lib/domain/account.ts';
import { type FolderTree, folderIn } from '#lib/domain/directory/folders.ts';
import { folderIdOf, type Member } from '#lib/domain/directory/member.ts';
import type { Tags } from '#lib/domain/directory/tags.ts';
import {
  accountTypeNames,
  joinMethodNames,
  type PrintedTime,
  statusOf,
  toTheMillisecond,
} from '#lib/products/directory/vocabulary.ts';

export const tag = v.object({ Key: v.string(), Value: v.string() });

/** A member as every answer shows it; the order of the fields is that of the vendor's samples. */
const account = {
  ResourceDirectoryId: v.string(),
  AccountId: v.string(),
  AccountName: v.optional(v.string()),
  DisplayName: v.string(),
  FolderId: v.string(),
  JoinMethod: v.string(),
  JoinTime: v.optional(v.string()),
  Type: v.string(),
  Status: v.string(),
};

/** The columns of docs/vendors/alibaba-resource-directory.md 7.1. */
export const createdAccount = v.object({ ...account, ModifyTime: v.string() });

export const recordedAccount = v.object({ ...account, RecordId: v.string(), ModifyTime: v.string() });

const listedAccount = v.object({
  ...account,
  ModifyTime: v.string(),
  ResourceDirectoryPath: v.optional(v.string()),
  Tags: v.optional(v.object({ Tag: v.array(tag) })),
  DeletionStatus: v.optional(v.string()),
});

/** A page of a list of members. Both lists have a wrapper, which is there also when the list is empty. */
export const accountPage = v.object({
  TotalCount: v.number(),
  PageNumber: v.optional(v.number()),
  PageSize: v.optional(v.number()),
  NextToken: v.optional(v.string()),
  Accounts: v.object({ Account: v.array(listedAccount) }),
});

export const fullAccount = v.object({
  ...account,
  ModifyTime: v.string(),
  ResourceDirectoryPath: v.string(),
  IdentityInformation: v.string(),
  Location: v.string(),
  EmailStatus: v.string(),
  HasSecureMobilePhone: v.optional(v.boolean()),
  Tags: v.optional(v.array(tag)),
});

/** A member as it stands at `nowMs`. */
export function accountViewOf(member: Member, name: string | undefined, nowMs: number, time: PrintedTime) {
  return {
    ResourceDirectoryId: member.directoryId,
    AccountId: String(member.uid),
    ...(name !== undefined && { AccountName: name }),
    DisplayName: member.displayName,
    FolderId: folderIdOf(member),
    JoinMethod: joinMethodNames[member.joinMethod],
    JoinTime: time(member.joinedAtMs),
    Type: accountTypeNames[member.accountType],
    Status: statusOf(member, nowMs),
    ModifyTime: time(member.updatedAtMs),
  };
}

/** A member as lists show it, with its path and its tags where they are shown; with its account's name in the version that has names. */
export function listedAccountViewOf(
  member: Member,
  { path, tags }: Readonly<Record<'path' | 'tags', boolean>>,
  nowMs: number,
  names: ReadonlyMap<number, string> = new Map(),
) {
  const name = names.get(member.uid);
  return {
    ...accountViewOf(member, name, nowMs, toTheMillisecond),
    ...(name !== undefined && { DeletionStatus: member.status === 'deleting' ? 'Deleting' : '' }),
    ...(path && { ResourceDirectoryPath: pathOf(member) }),
    ...(tags && { Tags: { Tag: tagsOf(member) } }),
  };
}

/** A member with all that is known of it. */
export function fullAccountViewOf(tree: FolderTree, member: Member, { legalName, name }: Account, nowMs: number) {
  return {
    ...accountViewOf(member, name, nowMs, toTheMillisecond),
    ResourceDirectoryPath: pathOf(member),
    IdentityInformation: legalName,
    Location: locationOf(tree, member),
    // No address of a member is ever changed.
    EmailStatus: '',
  };
}

/** The ids on the way to a member, its directory's first and its own last. */
export function pathOf({ directoryId, folderPath, uid }: Member): string {
  return [directoryId, ...folderPath, uid].join('/');
}

/** Tags as pairs, in the order of their keys. */
export function tagsOf({ tags = {} }: { readonly tags?: Tags | undefined }): { Key: string; Value: string }[] {
  return Object.entries(tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .toSorted((one, other) => (one.Key < other.Key ? -1 : 1));
}

/** The names of the folders on the way to a member. */
function locationOf(tree: FolderTree, { folderPath }: Member): string {
  return folderPath.map((id) => folderIn(tree, id)?.name ?? '').join('/');
}
