import type * as v from 'valibot';
import type { account, key } from '#infra/local/seed/accountForm.ts';
import type { directory, member, SeedFolder } from '#infra/local/seed/directoryForm.ts';
import type { Path } from '#infra/local/seed/document.ts';
import { drawnKeyId, drawnText, drawnUid } from '#infra/local/seed/drawn.ts';
import type { Seed } from '#infra/local/seed/form.ts';
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

/** A member of a directory. Its name is empty where it is left open. */
export interface PlannedMember
  extends PlannedAccount,
    Pick<SaidMember, 'type' | 'displayName' | 'joined' | 'tags' | 'payer'> {
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
type SaidMember = v.InferOutput<typeof member>;

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
export function directoriesIn(
  { directories }: Seed,
  uidOf: (party: string | number, path: Path) => number,
): PlannedDirectory[] {
  return directories.map((said, index) => {
    const path = ['directories', index];
    const managementUid = uidOf(said.management, [...path, 'management']);
    return {
      said,
      managementUid,
      path,
      folders: foldersIn(said.folders, [], [...path, 'folders']),
      members: said.members.map((one, place) => memberOf(one, managementUid, [...path, 'members', place])),
    };
  });
}

/** The id of a directory, drawn unless it is given. */
export function directoryIdOf({ id }: Pick<SaidDirectory, 'id'>, managementUid: number): string {
  return id ?? `rd-${drawnText(`directory of ${managementUid}`, 6)}`;
}

function memberOf(said: SaidMember, managementUid: number, path: Path): PlannedMember {
  const { displayName, email, env, folder, joined, legalName, name = '', payer, standing, tags, type } = said;
  const uid = said.uid ?? drawnUid(`${displayName} of ${managementUid}`);
  // Nobody signs for a resource account, unless that is wanted.
  const keys = type === 'resource' ? keysOf({ keys: said.keys ?? [] }, uid, path) : keysOf(said, uid, path);
  const where = folder?.split('/').filter((one) => one !== '') ?? [];
  return {
    uid,
    name,
    legalName,
    email,
    env,
    standing,
    type,
    displayName,
    joined,
    payer,
    tags,
    keys,
    folder: where,
    path,
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

function keyOf({ id, root, secret }: SaidKey, owner: number | 'OPERATOR', index: number, path: Path): PlannedKey {
  return { keyId: id ?? drawnKeyId(owner, index), secret, isRoot: root, path };
}
