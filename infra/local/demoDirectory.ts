import { callAs, unrecorded } from '#infra/local/unrecorded.ts';
import type { Call } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import { type Directory, newDirectory } from '#lib/domain/directory/directory.ts';
import { newMember } from '#lib/domain/directory/joining.ts';
import { createMember, folderPathTo } from '#lib/store/directory/creating.ts';
import { enable } from '#lib/store/directory/enabling.ts';
import { openFolder } from '#lib/store/directory/seats.ts';
import { commit, type Write } from '#lib/table/commit.ts';

const DIRECTORY_ID = 'rd-Demo01';
const ROOT_FOLDER_ID = 'r-Demo01';
const [appsId, sandboxId] = ['fd-DemoApps01', 'fd-DemoSand01'];

/** The members of the demo directory: one that is used through it alone, and one with a login of its own. */
export const demoMembers = [
  {
    role: 'RESOURCE',
    uid: 1647026311978230,
    accountType: 'resource',
    displayName: 'Workload',
    name: `workload@${DIRECTORY_ID.toLowerCase()}.aliyunid.com`,
    email: undefined,
    folderId: appsId,
  },
  {
    role: 'MEMBER',
    uid: 1902647315504418,
    accountType: 'cloud',
    displayName: 'Team',
    name: 'member@demo',
    email: 'member@demo.example',
    folderId: sandboxId,
  },
] as const;

/** Makes an account the management account of the demo directory, with those of its members that are not registered yet. */
export async function loadDemoDirectory(deps: Deps, uid: number, registered: ReadonlySet<number>): Promise<void> {
  const { accounts, directories, table } = deps;
  const lacking = demoMembers.filter((member) => !registered.has(member.uid));
  if (lacking.length === 0) return;
  const call = callAs(uid, 'loadDemoDirectory', deps);
  const { legalName } = await accounts.get(uid);
  const found = await directories.find(uid);
  const directory = found ?? demoDirectory(uid, call.nowMs);
  if (found === undefined) {
    await commit(
      table,
      unrecorded([...enable(directory, call), ...[appsId, sandboxId].flatMap((id) => openFolder(id))]),
    );
  }
  // Both take the same seats, which one transaction cannot count twice.
  for (const member of lacking) {
    await commit(table, unrecorded(joining(member, directory, legalName, call)));
  }
}

function demoDirectory(managementUid: number, createdAtMs: number): Directory {
  const empty = newDirectory({ id: DIRECTORY_ID, rootFolderId: ROOT_FOLDER_ID, managementUid }, createdAtMs);
  const folder = (name: string) => ({ name, parentId: ROOT_FOLDER_ID, createdAtMs });
  return { ...empty, folders: { [appsId]: folder('Apps'), [sandboxId]: folder('Sandbox') } };
}

function joining(demo: (typeof demoMembers)[number], directory: Directory, legalName: string, call: Call): Write {
  const { email, folderId, name, role: _, ...own } = demo;
  const folderPath = folderPathTo(directory, folderId);
  const member = newMember({ ...own, directory, folderPath, seat: 0, tags: {} }, call.nowMs);
  const account = { uid: own.uid, name, legalName, email, createdAtMs: call.nowMs };
  const creation = { member, account, payer: undefined, relationId: 0, memberQuota: directory.memberQuota };
  return createMember({ ...creation, nameWas: 'given' }, call);
}
