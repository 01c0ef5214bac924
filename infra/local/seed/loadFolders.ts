import { closestTo } from '#infra/local/closest.ts';
import type { Path } from '#infra/local/seed/document.ts';
import { drawnText } from '#infra/local/seed/drawn.ts';
import { directoryIdOf, type PlannedDirectory } from '#infra/local/seed/plan.ts';
import type { ReadSeed } from '#infra/local/seed/read.ts';
import { commitAll, refusing } from '#infra/local/seed/writing.ts';
import { callAs } from '#infra/local/unrecorded.ts';
import type { Call } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import { type Directory, FOLDER_QUOTA, MEMBER_QUOTA, newDirectory } from '#lib/domain/directory/directory.ts';
import { foldersIn, pathTo, withFolder } from '#lib/domain/directory/folders.ts';
import { amendDirectory } from '#lib/store/directory/directories.ts';
import { enable } from '#lib/store/directory/enabling.ts';
import { putQuotas } from '#lib/store/directory/folders.ts';
import { openFolder } from '#lib/store/directory/seats.ts';

/** Enables a directory if it is not there, and makes the folders it lacks. Answers it as it is then. */
export async function loadFolders(deps: Deps, read: ReadSeed, planned: PlannedDirectory): Promise<Directory> {
  const { managementUid, path } = planned;
  const { table } = deps;
  const call = callAs(managementUid, 'loadSeed', deps);
  const found = await enlarged(deps, read, planned, call);
  if (found === undefined && (await deps.accounts.get(managementUid)).legalName === '') {
    throw read.refused([read.faultAt([...path, 'management'], 'cannot have a directory: it has no legal name.')]);
  }
  const before = found ?? newOne(planned, call.nowMs);
  const directory = { ...before, folders: folded(read, planned, before, call.nowMs) };
  const added = Object.keys(directory.folders).filter((id) => found?.folders[id] === undefined);
  const opened = added.map((id) => ({ path, write: openFolder(id) }));
  await commitAll(table, read, opened);
  if (found === undefined) await commitAll(table, read, [{ path, write: enable(directory, call) }]);
  else if (added.length > 0) {
    await commitAll(table, read, [{ path, write: [amendDirectory(found, { folders: directory.folders })] }]);
  }
  return directory;
}

/** The directory that is there already, with quotas as large as the seed needs. */
async function enlarged(
  deps: Deps,
  read: ReadSeed,
  planned: PlannedDirectory,
  call: Call,
): Promise<Directory | undefined> {
  const { managementUid, path } = planned;
  const found = await deps.directories.find(managementUid);
  if (found === undefined) return undefined;
  const wanted = quotasOf(planned);
  const memberQuota = Math.max(found.memberQuota, wanted.memberQuota);
  const folderQuota = Math.max(found.folderQuota, wanted.folderQuota);
  if (memberQuota === found.memberQuota && folderQuota === found.folderQuota) return found;
  await commitAll(deps.table, read, [{ path, write: putQuotas(found, { memberQuota, folderQuota }, call) }]);
  return deps.directories.get(managementUid);
}

function quotasOf({ folders, members, said }: PlannedDirectory) {
  return {
    memberQuota: said.memberQuota ?? Math.max(MEMBER_QUOTA, members.length),
    folderQuota: said.folderQuota ?? Math.max(FOLDER_QUOTA, folders.length),
  };
}

function newOne(planned: PlannedDirectory, nowMs: number): Directory {
  const { managementUid, said } = planned;
  const { controlPolicy, displayNameSync, permitsDeletion } = said;
  const id = directoryIdOf(said, managementUid);
  const rootFolderId = said.rootFolderId ?? `r-${drawnText(`root of ${id}`, 6)}`;
  const empty = newDirectory({ id, managementUid, rootFolderId }, nowMs);
  return { ...empty, ...quotasOf(planned), controlPolicy, displayNameSync, permitsDeletion };
}

/** The folders of a directory with those of the seed that it lacks. */
function folded(
  read: ReadSeed,
  { folders }: PlannedDirectory,
  directory: Directory,
  nowMs: number,
): Directory['folders'] {
  let tree = directory;
  for (const [index, { id, names, path, tags }] of folders.entries()) {
    const name = names.at(-1) ?? '';
    const parentId = folderIdAt(tree, names.slice(0, -1)) ?? tree.rootFolderId;
    if (folderIdAt(tree, names) !== undefined) continue;
    const own = id ?? `fd-${drawnText(`${names.join('/')} of ${directory.id}`, 10)}`;
    // Lists are in the order in which folders were made.
    const createdAtMs = nowMs - folders.length + index;
    const folder = { id: own, name, parentId, createdAtMs, ...(Object.keys(tags).length > 0 && { tags }) };
    tree = { ...tree, folders: refusing(read, path, () => withFolder(tree, folder, directory.folderQuota)) };
  }
  return tree.folders;
}

/** The folder that names lead to from the root folder on. */
export function folderIdAt(tree: Directory, names: readonly string[]): string | undefined {
  let id: string | undefined = tree.rootFolderId;
  for (const name of names) {
    if (id === undefined) return undefined;
    id = foldersIn(tree, id).find((folder) => folder.name === name)?.id;
  }
  return id;
}

/** The folder that something of a seed is in. Throws `SeedError` if there is none. */
export function folderIn(
  read: ReadSeed,
  { folder, path }: { readonly folder: readonly string[]; readonly path: Path },
  directory: Directory,
): string {
  const id = folderIdAt(directory, folder);
  if (id !== undefined) return id;
  const known = Object.keys(directory.folders).map((one) => namesTo(directory, one));
  const meant = closestTo(folder.join('/'), known);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw read.refused([read.faultAt([...path, 'folder'], `is in no folder that there is${hint || '.'}`)]);
}

/** The names of the folders on the way to one, as a seed has them. */
export function namesTo(directory: Directory, folderId: string): string {
  return pathTo(directory, folderId)
    .slice(1)
    .map(({ name }) => name)
    .join('/');
}
