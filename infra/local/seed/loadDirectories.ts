import { ownKeys, type Present } from '#infra/local/seed/loadAccounts.ts';
import { folderIn, loadFolders } from '#infra/local/seed/loadFolders.ts';
import type { Plan } from '#infra/local/seed/parties.ts';
import type { PlannedDirectory, PlannedMember } from '#infra/local/seed/plan.ts';
import type { ReadSeed } from '#infra/local/seed/read.ts';
import { asOne, commitAll, refusing, rowsOf, type SeedWrite } from '#infra/local/seed/writing.ts';
import { callAs } from '#infra/local/unrecorded.ts';
import type { Call } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { pathTo } from '#lib/domain/directory/folders.ts';
import { newMember } from '#lib/domain/directory/joining.ts';
import { folderIdOf, type Member } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { createMember, freeSeat } from '#lib/store/directory/creating.ts';
import { join } from '#lib/store/directory/members.ts';
import { enter } from '#lib/store/directory/seats.ts';
import { accountKey, directoryKey } from '#lib/store/keys.ts';
import type { Write } from '#lib/table/commit.ts';
import { absent, check } from '#lib/table/items.ts';

/** Enables the directories of a seed that are not there, and makes the folders and members that each lacks. */
export async function loadDirectories(
  deps: Deps,
  read: ReadSeed,
  { directories }: Plan,
  present: Present,
): Promise<void> {
  for (const planned of directories) {
    const directory = await loadFolders(deps, read, planned);
    await loadMembers(deps, read, planned, directory, present);
  }
}

async function loadMembers(
  deps: Deps,
  read: ReadSeed,
  { managementUid, members }: PlannedDirectory,
  directory: Directory,
  present: Present,
): Promise<void> {
  const lacking = members.filter(({ uid }) => !present.members.has(uid));
  if (lacking.length === 0) return;
  const call = callAs(managementUid, 'loadSeed', deps);
  const { management, seats } = await deps.directories.prospect(managementUid, undefined);
  const accounts = await rowsOf(
    deps.table,
    lacking.map(({ uid }) => accountKey(uid)),
  );
  const taken = [...seats];
  const writes = lacking.map((planned, index): SeedWrite => {
    const { accountType, created, path, tags, uid } = planned;
    const folderPath = folderPathOf(read, planned, directory);
    // One after the other goes into the next shard, so that a transaction bears several.
    const seat = refusing(read, path, () => freeSeat(taken, directory, (index % taken.length) / taken.length));
    taken[seat] = (taken[seat] ?? 0) + 1;
    // Lists are in the order in which members joined.
    const joinedAtMs = call.nowMs - lacking.length + index;
    const row = accounts[index];
    const displayName = planned.displayName ?? (row ? accountOf(row).name : '');
    const wanted = { uid, directory, accountType, displayName, folderPath, seat, tags };
    if (created === undefined)
      return { path, write: invite(newMember(wanted, joinedAtMs, 'invited'), directory, call) };
    const { email, legalName = management.legalName } = created;
    // As the vendor names an account that is created without a name.
    const name = created.name || `${uid}@${directory.id.toLowerCase()}.aliyunid.com`;
    const account = { uid, name, legalName, email, createdAtMs: call.nowMs };
    const { memberQuota } = directory;
    const member = newMember(wanted, joinedAtMs);
    const made = createMember(
      { member, account, payer: undefined, relationId: 0, memberQuota, nameWas: 'given' },
      call,
    );
    return { path, write: asOne(made, ...ownKeys(deps, created, present)) };
  });
  await commitAll(deps.table, read, writes);
}

/** An account that is there is invited to the directory, and accepts. */
function invite(member: Member, { managementUid, memberQuota }: Directory, call: Call): Write {
  const { seat, uid } = member;
  const inDirectory = () => new Refusal('AccountInDirectory', {});
  return [
    check(directoryKey(uid), [absent], inDirectory),
    ...join(member, 'accept', call, inDirectory),
    ...enter(managementUid, memberQuota, { uid, seat, folderId: folderIdOf(member) }),
  ];
}

function folderPathOf(read: ReadSeed, planned: PlannedMember, directory: Directory): string[] {
  return pathTo(directory, folderIn(read, planned, directory)).map((one) => one.id);
}
