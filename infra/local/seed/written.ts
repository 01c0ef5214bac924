import type { WrittenSeed } from '#infra/local/seed/form.ts';
import { type Held, type HeldBaseline, heldIn } from '#infra/local/seed/held.ts';
import { namesTo } from '#infra/local/seed/loadFolders.ts';
import { writtenPending } from '#infra/local/seed/writtenPending.ts';
import type { Deps } from '#lib/deps.ts';
import { type AccessKey, type Account, clearStanding } from '#lib/domain/account.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { foldersIn } from '#lib/domain/directory/folders.ts';
import { folderIdOf, type Member } from '#lib/domain/directory/member.ts';
import type { BaselineItem } from '#lib/domain/governance/baseline.ts';
import { permissionsInEffect, type Relation } from '#lib/domain/relation/relation.ts';
import type { Row } from '#lib/table/table.ts';

type Written<Part extends 'accounts' | 'operators' | 'directories' | 'relations'> = NonNullable<
  WrittenSeed[Part]
>[number];
type WrittenMember = NonNullable<Written<'directories'>['members']>[number];
type WrittenFolder = NonNullable<Written<'directories'>['folders']>[number];

/** An estate in the form of a seed: what is there now of the rows of its table, what is past left out. */
export function writtenSeed(rows: readonly Row[], deps: Deps): WrittenSeed {
  const held = heldIn(rows, deps.ports.now());
  const { accounts, directories, members, relations } = held;
  const outside = [...accounts.values()].filter(({ uid }) => {
    const member = members.get(uid);
    return member === undefined || !isDescribed(member);
  });
  const payments = relations.filter((relation) => isPayment(held, relation));
  const payers = new Map(payments.map(({ childUid, parentUid }) => [childUid, parentUid]));
  const operators = held.operatorKeys.map((key) => writtenKey(key, deps));
  return {
    accounts: outside.map((account) => ({ name: account.name, ...writtenAccount(account, held, deps) })),
    ...(operators.length > 0 && { operators }),
    directories: directories.map((directory) => writtenDirectory(directory, held, payers, deps)),
    relations: relations.filter((relation) => !payments.includes(relation)).map(writtenRelation),
  };
}

/** Whether by a relation an account of a directory pays for a member of it. */
function isPayment({ members }: Held, { childUid, parentUid, policy }: Relation): boolean {
  const managementUid = members.get(childUid)?.managementUid;
  if (policy !== 'trusteeship' || managementUid === undefined) return false;
  return parentUid === managementUid || members.get(parentUid)?.managementUid === managementUid;
}

function writtenAccount({ email, legalName, uid }: Account, { keys, standings }: Held, deps: Deps, unless = '') {
  const standing = standings.get(uid);
  const isClear =
    standing === undefined || Object.entries(clearStanding).every(([name, value]) => Object(standing)[name] === value);
  return {
    uid,
    ...(legalName !== unless && { legalName }),
    ...(email !== undefined && { email }),
    keys: (keys.get(uid) ?? []).map((key) => writtenKey(key, deps)),
    ...(!isClear && { standing }),
  };
}

function writtenKey({ isRoot = false, keyId, sealedSecret }: AccessKey, { keyring }: Deps): Written<'operators'> {
  const secret = sealedSecret === undefined ? keyring.derive(keyId) : keyring.open('access-key', keyId, sealedSecret);
  return { accessKeyId: keyId, accessKeySecret: secret, ...(isRoot && { root: true }) };
}

function writtenDirectory(
  directory: Directory,
  held: Held,
  payers: ReadonlyMap<number, number>,
  deps: Deps,
): Written<'directories'> {
  const { controlPolicy, displayNameSync, folderQuota, id, managementUid, memberQuota, permitsDeletion, rootFolderId } =
    directory;
  const members = [...held.members.values()].filter((member) => member.managementUid === managementUid);
  const legalName = held.accounts.get(managementUid)?.legalName;
  const factory = held.factories.get(id);
  const baselines = held.baselines.get(id) ?? [];
  return {
    management: managementUid,
    id,
    rootFolderId,
    memberQuota,
    folderQuota,
    ...(permitsDeletion && { permitsDeletion }),
    ...(controlPolicy && { controlPolicy }),
    ...(displayNameSync && { displayNameSync }),
    folders: writtenFolders(directory, rootFolderId),
    ...(factory !== undefined && { accountFactory: factory }),
    ...(baselines.length > 0 && { baselines: baselines.map(writtenBaseline) }),
    members: members.map((member) => {
      const payer = payers.get(member.uid);
      const record = held.records.find(({ id }) => id === member.promotion?.recordId);
      const promotion = record && { email: record.email, recordId: record.id };
      const written = writtenMember(member, directory, legalName, held, deps);
      return { ...written, ...(payer !== undefined && { payer }), ...(promotion !== undefined && { promotion }) };
    }),
    ...writtenPending(directory, held),
  };
}

/** Whether an account is described where it is a member, and not as one that was invited. */
function isDescribed({ accountType, joinMethod }: Member): boolean {
  return joinMethod === 'created' || accountType === 'resource';
}

function writtenMember(
  member: Member,
  directory: Directory,
  legalName: string | undefined,
  held: Held,
  deps: Deps,
): WrittenMember {
  const { accountType, displayName, tags, uid } = member;
  const folder = namesTo(directory, folderIdOf(member));
  const place = {
    ...(folder !== '' && { folder }),
    ...(Object.keys(tags).length > 0 && { tags }),
  };
  const account = held.accounts.get(uid);
  if (account === undefined || !isDescribed(member)) return { account: uid, displayName, ...place };
  const type = accountType === 'cloud' && { type: accountType };
  return { ...type, displayName, name: account.name, ...writtenAccount(account, held, deps, legalName), ...place };
}

function writtenBaseline({ description, id, isSystem, items, name }: HeldBaseline) {
  return {
    ...(isSystem ? { system: true } : { id }),
    name,
    ...(description !== '' && { description }),
    ...(items.length > 0 && { items: items.map(writtenItem) }),
  };
}

/** Its configuration is a mapping where that says all there is to it. */
function writtenItem({ config, name }: BaselineItem) {
  const read: unknown = config === undefined ? undefined : JSON.parse(config);
  if (config === undefined) return { name };
  return { name, config: isMapping(read) && JSON.stringify(read) === config ? read : config };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writtenFolders(directory: Directory, parentId: string): WrittenFolder[] {
  return foldersIn(directory, parentId).map(({ id, name, tags = {} }) => {
    const folders = writtenFolders(directory, id);
    return { name, id, ...(Object.keys(tags).length > 0 && { tags }), ...(folders.length > 0 && { folders }) };
  });
}

function writtenRelation(relation: Relation): Written<'relations'> {
  const { childUid, lentCredit, nick, offered, parentUid, policy, status } = relation;
  const isInviting = status === 'inviting';
  return {
    parent: parentUid,
    child: childUid,
    policy,
    permissions: [...(isInviting ? (offered?.permissions ?? []) : permissionsInEffect(relation))],
    ...(isInviting && { status }),
    ...(nick !== '' && { nick }),
    ...(lentCredit > 0 && { lentCredit }),
  };
}
