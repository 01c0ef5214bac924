import type { FolderTree } from '#lib/domain/directory/folders.ts';
import { Refusal } from '#lib/errors.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    /** The caller is no management account of a directory. */
    DirectoryUnknown: Record<never, never>;
    /** The caller neither manages a directory nor is a member of one. */
    NotInDirectory: Record<never, never>;
    DirectoryExists: Record<never, never>;
    /** The account is a member of a directory. */
    AccountInDirectory: Record<never, never>;
    /** Only an account that is verified under a legal name may have a directory. */
    AccountUnverified: Record<never, never>;
    MemberQuotaReached: Record<never, never>;
    MembersRemain: Record<never, never>;
    /** Another account has the name that the new management account is to have. */
    ManagementNameTaken: Record<never, never>;
    /** A quota is only ever raised. */
    QuotaLowered: { parameter: string; least: number };
  }
}

/** How many members and folders a directory may have, unless an operator has raised it (docs/vendors/alibaba-resource-directory.md 4). */
export const MEMBER_QUOTA = 20;
export const FOLDER_QUOTA = 100;
/** As far as an operator may raise them. All folders of a directory stand in one row, which most operations read. */
export const MOST_MEMBERS = 1_000_000;
export const MOST_FOLDERS = 1000;

/** A tree of folders that holds the member accounts of one management account. Times are epoch ms. */
export interface Directory extends FolderTree {
  readonly id: string;
  readonly version: number;
  readonly managementUid: number;
  readonly memberQuota: number;
  readonly folderQuota: number;
  /** Whether its members may be deleted. */
  readonly permitsDeletion: boolean;
  /** Whether control policies are enabled. There are none. */
  readonly controlPolicy: boolean;
  /** Whether a member is to learn what it is called in the directory. */
  readonly displayNameSync: boolean;
  readonly createdAtMs: number;
}

/** A new directory of an account, with no folder but its root folder. */
export function newDirectory({ id, managementUid, rootFolderId }: Named, nowMs: number): Directory {
  return {
    id,
    version: 1,
    managementUid,
    rootFolderId,
    folders: {},
    memberQuota: MEMBER_QUOTA,
    folderQuota: FOLDER_QUOTA,
    permitsDeletion: false,
    controlPolicy: false,
    displayNameSync: false,
    createdAtMs: nowMs,
  };
}

type Named = Pick<Directory, 'id' | 'managementUid' | 'rootFolderId'>;

const MEMBERS_PER_SHARD = 50;
const MOST_SHARDS = 16;

/**
 * Over how many rows the members of a directory are counted. Each row bears some tens of creations a second, so a large directory
 * has several (docs/decisions.md D38).
 */
export function seatShards(memberQuota: number): number {
  return Math.min(MOST_SHARDS, Math.ceil(memberQuota / MEMBERS_PER_SHARD));
}

/**
 * How many members one of the rows may count: so that all of them together keep the quota, and that none may count fewer once the quota
 * is raised, as it may be full by then.
 */
export function seatsIn(shard: number, memberQuota: number): number {
  const first = Math.min(Math.max(memberQuota - shard * MEMBERS_PER_SHARD, 0), MEMBERS_PER_SHARD);
  const beyond = Math.max(memberQuota - MOST_SHARDS * MEMBERS_PER_SHARD, 0);
  return first + Math.floor(beyond / MOST_SHARDS) + (shard < beyond % MOST_SHARDS ? 1 : 0);
}

/** What a directory may hold. */
export type Quotas = Pick<Directory, 'memberQuota' | 'folderQuota'>;

/** Throws `QuotaLowered` if a quota is put below what it is: what that allowed may be there. */
export function refuseLowered(before: Quotas, after: Quotas): void {
  for (const [quota, parameter] of [
    ['memberQuota', 'Members'],
    ['folderQuota', 'Folders'],
  ] as const) {
    if (after[quota] < before[quota]) throw new Refusal('QuotaLowered', { parameter, least: before[quota] });
  }
}
