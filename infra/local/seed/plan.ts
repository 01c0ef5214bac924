import type * as v from 'valibot';
import type { account, key } from '#infra/local/seed/accountForm.ts';
import type { directory, member, SeedFolder } from '#infra/local/seed/directoryForm.ts';
import type { Path } from '#infra/local/seed/document.ts';
import { drawnKeyId, drawnText, drawnUid } from '#infra/local/seed/drawn.ts';
import type { Seed } from '#infra/local/seed/form.ts';
import type { AccountType } from '#lib/domain/directory/member.ts';
import type { Permission } from '#lib/domain/relation/permissions.ts';
import type { Policy } from '#lib/domain/relation/relation.ts';

/** A key to be issued, and where the seed says so. */
export interface PlannedKey {
  readonly keyId: string;
  readonly secret: string | undefined;
  readonly isRoot: boolean;
  readonly path: Path;
}

type SaidStanding = NonNullable<v.InferOutput<typeof account>['standing']>;

/** An account to be registered. */
export interface PlannedAccount {
  readonly uid: number;
  readonly name: string;
  /** The management account's, where it is left open. */
  readonly legalName: string | undefined;
  readonly email: string | undefined;
  readonly env: string | undefined;
  readonly keys: readonly PlannedKey[];
  readonly standing: SaidStanding | undefined;
  readonly path: Path;
}

/** A member of a directory. */
export interface PlannedMember extends Pick<SaidMember, 'payer' | 'promotion' | 'tags'> {
  readonly uid: number;
  /** The account's name, where it is left open. */
  readonly displayName: string | undefined;
  readonly accountType: AccountType;
  /** The account that is made with it, whose name is empty where it is left open; undefined if it was there and is invited. */
  readonly created: PlannedAccount | undefined;
  readonly path: Path;
  /** The names of the folders on the way to it, the root folder left out. */
  readonly folder: readonly string[];
}

/** A folder, and the names on the way to it, its own at last. */
export interface PlannedFolder extends Pick<SeedFolder, 'id' | 'tags'> {
  readonly names: readonly string[];
  readonly path: Path;
}

/** A directory to be enabled, or what is to be in it. */
export interface PlannedDirectory {
  readonly said: SaidDirectory;
  readonly managementUid: number;
  readonly folders: readonly PlannedFolder[];
  readonly members: readonly PlannedMember[];
  readonly path: Path;
}

/** A relation to be opened. */
export interface PlannedRelation {
  readonly parentUid: number;
  readonly childUid: number;
  readonly policy: Policy;
  readonly permissions: readonly Permission[];
  readonly nick: string;
  readonly status: 'active' | 'inviting';
  readonly lentCredit: number;
  readonly path: Path;
}

type SaidAccount = v.InferOutput<typeof account>;
type SaidDirectory = v.InferOutput<typeof directory>;
type SaidKey = v.InferOutput<typeof key>;
/** A member as the seed has it. */
export type SaidMember = v.InferOutput<typeof member>;

/** Tells the uid of an account that is named somewhere. */
export type UidOf = (party: string | number, path: Path) => number;

/** The accounts that a seed has outside directories. */
export function accountsIn({ accounts }: Seed): PlannedAccount[] {
  return accounts.map((said, index) => {
    const { email, env, legalName = '', name, standing, uid = drawnUid(name) } = said;
    const path = ['accounts', index];
    return { uid, name, legalName, email, env, standing, path, keys: keysOf(said, uid, path) };
  });
}

/** The keys of operators. */
export function operatorKeysIn({ operators }: Seed): PlannedKey[] {
  return operators.map((said, index) => keyOf(said, 'OPERATOR', index, ['operators', index]));
}

/** The directories, of which `uidOf` tells who manages them. */
export function directoriesIn({ directories }: Seed, uidOf: UidOf): PlannedDirectory[] {
  return directories.map((said, index) => {
    const path = ['directories', index];
    const managementUid = uidOf(said.management, [...path, 'management']);
    return {
      said,
      managementUid,
      path,
      folders: foldersIn(said.folders, [], [...path, 'folders']),
      members: said.members.map((one, place) => memberOf(one, managementUid, [...path, 'members', place], uidOf)),
    };
  });
}

/** The id of a directory, drawn unless it is given. */
export function directoryIdOf({ id }: Pick<SaidDirectory, 'id'>, managementUid: number): string {
  return id ?? `rd-${drawnText(`directory of ${managementUid}`, 6)}`;
}

function memberOf(said: SaidMember, managementUid: number, path: Path, uidOf: UidOf): PlannedMember {
  const { account, displayName, folder, payer, promotion, tags, type: accountType = 'resource', ...own } = said;
  const where = { path, payer, promotion, tags, folder: folder?.split('/').filter((one) => one !== '') ?? [] };
  if (account !== undefined) {
    return {
      ...where,
      uid: uidOf(account, [...path, 'account']),
      displayName,
      accountType: 'cloud',
      created: undefined,
    };
  }
  const { email, env, legalName, name = '', standing, uid = drawnUid(`${displayName} of ${managementUid}`) } = own;
  // Nobody signs for a resource account, unless that is wanted.
  const keys = accountType === 'resource' ? keysOf({ keys: own.keys ?? [] }, uid, path) : keysOf(own, uid, path);
  return {
    ...where,
    uid,
    displayName,
    accountType,
    created: { uid, name, legalName, email, env, standing, keys, path },
  };
}

function foldersIn(folders: readonly SeedFolder[], before: readonly string[], path: Path): PlannedFolder[] {
  return folders.flatMap(({ folders: within, id, name, tags }, index) => {
    const own = { id, tags, names: [...before, name], path: [...path, index] };
    return [own, ...foldersIn(within, own.names, [...own.path, 'folders'])];
  });
}

/** An account of which nothing is said has a key, by which it can be used. */
function keysOf({ keys }: Pick<SaidAccount, 'keys'>, uid: number, path: Path): PlannedKey[] {
  if (keys === undefined) return [keyOf({ root: false }, uid, 0, path)];
  return keys.map((said, index) => keyOf(said, uid, index, [...path, 'keys', index]));
}

function keyOf(
  { accessKeyId, accessKeySecret, root }: SaidKey,
  owner: number | 'OPERATOR',
  index: number,
  path: Path,
): PlannedKey {
  return { keyId: accessKeyId ?? drawnKeyId(owner, index), secret: accessKeySecret, isRoot: root, path };
}
