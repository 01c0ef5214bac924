import { type Deps, depsOver } from '#lib/deps.ts';
import type { Standing } from '#lib/domain/account.ts';
import type { Reason } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { resourceDirectoryMaster } from '#lib/products/directory/product.ts';
import { amendDirectory } from '#lib/store/directory/directories.ts';
import { commit } from '#lib/table/commit.ts';
import { add, type Parties, stand } from '#test/bss/parties.ts';
import { noRecord, promoted, promoting } from '#test/directory/asking.ts';
import { created, type DirectoryEstate, directed, enabled, foldered, nobody, signerOf } from '#test/directory/calls.ts';
import { askDeletion, permitted, settle, statusNow } from '#test/directory/deletions.ts';
import { handled, invitedByEmail, noHandshake, registered } from '#test/directory/handshakes.ts';
import { membersAtOnce } from '#test/directory/many.ts';
import { cloudMember, resourceMember, rootKey } from '#test/directory/members.ts';
import { masterKey } from '#test/support/estate.ts';
import { parametersOf } from '#test/support/everyOperation.ts';
import type { Example } from '#test/support/examples.ts';

/** A call that is refused, and the process that is asked, if it has to be another than the estate's. */
export interface RefusedCall extends Example {
  readonly process?: Deps;
}

/** An operation's example, which would succeed, and the directory that its parent manages, if it does. */
interface Staged {
  readonly operation: Operation;
  readonly estate: DirectoryEstate;
  readonly by: Example['by'];
  readonly params: Example['params'];
}

/** What has to happen, and to be different in the call, for the example to be refused. */
type Situation = (staged: Staged) => Promise<Partial<RefusedCall>>;

type Situations = Partial<Record<Reason, Situation>>;

/** The same call with other parameters. */
const withParams = ({ params }: Staged, more: Example['params']) => ({ params: { ...params, ...more } });

/** Another account in place of the member. */
const ofMember = (staged: Staged, AccountId: string | number) => withParams(staged, { AccountId });

const paidBy = (staged: Staged, PayerAccountId: string | number) => withParams(staged, { PayerAccountId });

/** The example, once an account stands so. */
function standing(who: 'payer' | 'member', how: Partial<Standing>, paying = true): Situation {
  return async (staged) => {
    const { estate, params } = staged;
    const { uid } = estate.parent;
    if (!paying) await directed(estate, estate.parent, 'UpdatePayerForAccount', params, resourceDirectoryMaster);
    await stand(estate, who === 'payer' ? uid : Number(params['AccountId']), how);
    return paying ? paidBy(staged, uid) : withParams(staged, { PayerAccountId: undefined });
  };
}

/** A member that is being deleted. */
async function beingDeleted(staged: Staged): Promise<Partial<RefusedCall>> {
  const estate = await permitted(staged.estate);
  const { AccountId } = await created(estate, 'Leaving');
  await askDeletion(estate, AccountId);
  await settle(estate, { most: 1 });
  return ofMember(staged, AccountId);
}

/** Somebody who has an address that was invited. */
async function invitedWith(staged: Staged, LegalName: string): Promise<Partial<RefusedCall>> {
  const { HandshakeId } = await invitedByEmail(staged.estate);
  const by = await registered(staged.estate, { Email: 'new@example.com', LegalName });
  return { by, ...withParams(staged, { HandshakeId }) };
}

/** Folders, each in the one before. */
async function nested({ estate }: Staged, levels: number): Promise<string | undefined> {
  let folder: string | undefined;
  for (let level = 0; level < levels; level++) folder = await foldered(estate, `L${level}`, folder);
  return folder;
}

const asMember: Situation = async ({ estate }) => {
  const managed = await enabled(estate);
  return { by: await signerOf(managed, (await created(managed, 'Member')).AccountId) };
};

const unverified: Situation = async ({ estate }) => ({ by: await estate.account('') });

const already: Situation = async ({ estate }) => {
  await enabled(estate);
  return {};
};

const payers: Situations = {
  PayerUnknown: async (staged) => paidBy(staged, nobody),
  PayerOutsideDirectory: async (staged) => paidBy(staged, staged.estate.sibling.uid),
  LegalNamesDiffer: async (staged) => paidBy(staged, await cloudMember(staged.estate, 'Payer', { legalName: 'Bolt' })),
  async ParentInTrusteeship(staged) {
    const { AccountId } = await created(staged.estate, 'Payer', { PayerAccountId: staged.estate.parent.uid });
    return paidBy(staged, AccountId);
  },
  ParentFrozen: standing('payer', { frozen: true }),
  ParentOverdrawnAtLinking: standing('payer', { availableBalance: -1 }),
};

/** What is so for every operation that refuses for it, unless it has a situation of its own. */
const common: Situations = {
  ...payers,
  DirectoryUnknown: async ({ estate }) => ({ by: estate.stranger }),
  NotInDirectory: async ({ estate }) => ({ by: estate.stranger }),
  MemberUnknown: async (staged) => ofMember(staged, nobody),
  FolderUnknown: async (staged) => {
    const named = ['ParentFolderId', 'DestinationFolderId', 'ChildId', 'FolderId'];
    const name = named.find((one) => parametersOf(staged.operation).includes(one)) ?? '';
    return withParams(staged, { [name]: 'fd-0123456789' });
  },
  RecordUnknown: async (staged) => withParams(staged, { RecordId: noRecord }),
  async RecordUnfit({ estate, operation, params }) {
    const cancel = operation.action.replace('Resend', 'Cancel').replace(/Email$/, '');
    await directed(estate, estate.parent, cancel, params);
    return {};
  },
  async MailedRecently(staged) {
    const { estate, operation, params } = staged;
    const { Account } = await directed(estate, estate.parent, operation.action, params);
    return withParams(staged, { RecordId: Account.RecordId });
  },
  HandshakeUnknown: async (staged) => withParams(staged, { HandshakeId: noHandshake }),
  async HandshakeUnfit({ estate, params }) {
    await directed(estate, estate.parent, 'CancelHandshake', params);
    return {};
  },
  AccountUnverified: unverified,
  DirectoryExists: already,
  AccountInDirectory: asMember,
  async MemberQuotaReached({ estate }) {
    await membersAtOnce(estate, 20);
    return {};
  },
  async DisplayNameTaken({ estate, params }) {
    await created(estate, String(params['NewDisplayName'] ?? params['DisplayName']));
    return {};
  },
  MemberUnfit: beingDeleted,
  async DeletionForbidden({ estate }) {
    await directed(estate, estate.parent, 'SetMemberDeletionPermission', { Status: 'Disabled' });
    return {};
  },
  CallerIsRootUser: async ({ estate }) => ({ by: await rootKey(estate, estate.parent.uid) }),
  MemberLegalNameDiffers: async (staged) =>
    ofMember(staged, await resourceMember(staged.estate, 'Bolt', { legalName: 'Bolt' })),
  MemberIsCloudAccount: async (staged) => ofMember(staged, await cloudMember(staged.estate, 'Cloud')),
  CheckUnknown: async (staged) => ofMember(staged, (await created(staged.estate, 'Unchecked')).AccountId),
};

/** What is so for one operation alone. */
const own: Readonly<Record<string, Situations>> = {
  AcceptHandshake: {
    async InvitingDirectoryGone({ estate }) {
      for (const action of ['DestroyResourceDirectory', 'InitResourceDirectory']) {
        await directed(estate, estate.parent, action);
      }
      return {};
    },
    async AccountInDirectory({ estate }) {
      await directed(estate, estate.sibling, 'InitResourceDirectory');
      return {};
    },
    InviteeUnverified: (staged) => invitedWith(staged, ''),
    InviteeLegalNameDiffers: (staged) => invitedWith(staged, 'Bolt'),
  },
  CreateCloudAccount: {
    async EmailClaimed(staged) {
      await promoting(staged.estate);
      return withParams(staged, { DisplayName: 'Other' });
    },
  },
  CreateFolder: {
    async FolderNameTaken({ estate }) {
      await foldered(estate, 'Apps');
      return {};
    },
    FolderTooDeep: async (staged) => withParams(staged, { ParentFolderId: await nested(staged, 5) }),
    async FolderQuotaReached({ estate: { deps, parent, rootFolderId } }) {
      await commit(deps.table, [amendDirectory(await deps.directories.get(parent.uid), folders(rootFolderId, 100))]);
      return {};
    },
    async TagQuotaReached(staged) {
      const { deps, parent, rootFolderId } = staged.estate;
      const tags = Object.fromEntries(Array.from({ length: 20 }, (_, nth) => [`${nth}`, 'x'.repeat(256)]));
      await commit(deps.table, [
        amendDirectory(await deps.directories.get(parent.uid), folders(rootFolderId, 20, tags)),
      ]);
      return { ...withParams(staged, { 'Tag.1.Key': 'team' }), version: resourceDirectoryMaster };
    },
  },
  CreateResourceAccount: {
    ResellingUnsupported: async (staged) => withParams(staged, { ResellAccountType: 'non_resell' }),
    async AccountNameTaken(staged) {
      await created(staged.estate, 'Other', { AccountNamePrefix: 'alice' });
      return {};
    },
  },
  DeleteAccount: {
    async MemberGone({ estate, params }) {
      const { table } = estate.deps;
      let isGone = false;
      // The member is deleted after the call has looked at it.
      const transact: typeof table.transact = async (actions) => {
        if (!isGone) {
          isGone = true;
          await askDeletion(estate, String(params['AccountId']));
          await settle(estate);
          await statusNow(estate, String(params['AccountId']));
        }
        return table.transact(actions);
      };
      return { process: depsOver({ ...table, transact }, masterKey, estate.deps.ports) };
    },
    async MemberPaidByAnother(staged) {
      const { AccountId: PayerAccountId } = await created(staged.estate, 'Payer');
      return ofMember(staged, (await created(staged.estate, 'Paid', { PayerAccountId })).AccountId);
    },
    async CheckRunning({ estate, params: { AccountId } }) {
      await directed(estate, estate.parent, 'CheckAccountDelete', { AccountId });
      return {};
    },
    async DeletionChecking({ estate, params: { AccountId } }) {
      await askDeletion(estate, String(AccountId));
      return {};
    },
    DeletionRunning: beingDeleted,
  },
  DeleteFolder: {
    async FolderHasFolders({ estate, params: { FolderId } }) {
      await foldered(estate, 'Web', String(FolderId));
      return {};
    },
    async FolderHasMembers({ estate, params: { FolderId } }) {
      await created(estate, 'Dev', { ParentFolderId: FolderId });
      return {};
    },
  },
  DestroyResourceDirectory: {
    async MembersRemain({ estate }) {
      await created(estate, 'Dev');
      return {};
    },
    async FolderHasFolders({ estate }) {
      await foldered(estate, 'Apps');
      return {};
    },
  },
  EnableResourceDirectory: {
    async ManagementNameTaken({ estate, operation, params }) {
      await directed(estate, estate.child, operation.action, { ...params, ...(await phoneOf(estate, estate.child)) });
      return { params: { ...params, ...(await phoneOf(estate, estate.parent)) } };
    },
    async VerificationCodeWrong({ estate, params }) {
      return { params: { ...params, ...(await phoneOf(estate, estate.parent)), VerificationCode: '000000x' } };
    },
    async PhoneMissing({ estate, params }) {
      return { params: { ...params, ...(await phoneOf(estate, estate.parent)), MASecureMobilePhone: undefined } };
    },
    async VerificationCodeMissing({ estate, params }) {
      return { params: { ...params, ...(await phoneOf(estate, estate.parent)), VerificationCode: undefined } };
    },
  },
  GetAccountDeletionCheckResult: {
    MemberUnfit: async (staged) => ofMember(staged, await cloudMember(staged.estate, 'Cloud')),
  },
  GetHandshake: {
    async HandshakeUnfit({ estate, params: { HandshakeId } }) {
      await handled(estate, estate.sibling, 'Accept', String(HandshakeId));
      return {};
    },
    InviteeUnverified: (staged) => invitedWith(staged, ''),
  },
  InviteAccountToResourceDirectory: {
    FolderUnknown: async (staged) => ({
      ...withParams(staged, { ParentFolderId: 'fd-0123456789' }),
      version: resourceDirectoryMaster,
    }),
    async InvitationQuotaReached({ estate }) {
      for (let nth = 0; nth < 20; nth++) await invitedByEmail(estate, `new${nth}@example.com`);
      return {};
    },
    async HandshakePending({ estate, operation, params }) {
      await directed(estate, estate.parent, operation.action, params);
      return {};
    },
    AccountInDirectory: async (staged) => withParams(staged, { TargetEntity: staged.estate.parent.uid }),
    InviteeLegalNameDiffers: async (staged) => withParams(staged, { TargetEntity: staged.estate.child.uid }),
    InviteeUnverified: async (staged) =>
      withParams(staged, { TargetEntity: (await registered(staged.estate, { LegalName: '' })).uid }),
  },
  PromoteResourceAccount: {
    MemberUnfit: async (staged) => ofMember(staged, await cloudMember(staged.estate, 'Cloud')),
    async EmailClaimed({ estate, params: { Email } }) {
      const { AccountId } = await created(estate, 'Other');
      await promoted(estate, { AccountId, Email });
      return {};
    },
  },
  RemoveCloudAccount: {
    MemberUnfit: async (staged) => ofMember(staged, (await created(staged.estate, 'Resource')).AccountId),
  },
  SetMemberDeletionPermission: {
    CallerIsMember: async ({ estate }) => ({ by: await signerOf(estate, (await created(estate, 'Member')).AccountId) }),
  },
  TagResources: {
    MemberUnknown: async (staged) => withParams(staged, { 'ResourceId.1': nobody }),
    FolderUnknown: async (staged) => noFolderToTag(staged),
    async TagQuotaReached({ estate, params }) {
      const tags = Object.fromEntries(Array.from({ length: 20 }, (_, nth) => [`Tag.${nth + 1}.Key`, `t${nth}`]));
      await directed(estate, estate.parent, 'TagResources', { ...params, ...tags });
      return {};
    },
  },
  UntagResources: {
    MemberUnknown: async (staged) => withParams(staged, { 'ResourceId.1': nobody }),
    FolderUnknown: async (staged) => noFolderToTag(staged),
  },
  UpdateAccount: {
    MemberChangeMissing: async (staged) => withParams(staged, { NewDisplayName: undefined }),
    async MemberTypeUnfit({ estate, params: { AccountId } }) {
      await promoted(estate, { AccountId, Email: 'dev@example.com' });
      return { params: { AccountId, NewAccountType: 'CloudAccount' } };
    },
    async MemberLegalNameDiffers({ estate }) {
      const AccountId = await cloudMember(estate, 'Bolt', { legalName: 'Bolt', email: 'bolt@example.com' });
      return { params: { AccountId, NewAccountType: 'ResourceAccount' } };
    },
    async CallerIsRootUser({ estate, params: { AccountId } }) {
      const by = await rootKey(estate, estate.parent.uid);
      return { by, params: { AccountId, NewAccountType: 'CloudAccount' } };
    },
    async SecurityContactMissing({ estate }) {
      const AccountId = await cloudMember(estate, 'Cloud');
      return { params: { AccountId, NewAccountType: 'ResourceAccount' } };
    },
    async RootKeyInUse({ estate }) {
      const AccountId = await cloudMember(estate, 'Cloud', { email: 'cloud@example.com' });
      await rootKey(estate, AccountId);
      return { params: { AccountId, NewAccountType: 'ResourceAccount' } };
    },
  },
  UpdateFolder: {
    async FolderNameTaken({ estate, params: { NewFolderName } }) {
      await foldered(estate, String(NewFolderName));
      return {};
    },
  },
  UpdatePayerForAccount: {
    MemberTypeUnfit: async (staged) => ofMember(staged, await cloudMember(staged.estate, 'Cloud')),
    async ChildAlreadyRelated(staged) {
      const { estate, params } = staged;
      const { AccountId: PayerAccountId } = await created(estate, 'Payer');
      const member = await signerOf(estate, String(params['AccountId']));
      await add(estate, estate.parent, member, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
      return paidBy(staged, PayerAccountId);
    },
    async ChildHoldsTrusteeships({ estate, params }) {
      await created(estate, 'Child', { PayerAccountId: params['AccountId'] });
      return {};
    },
    OrdersOpenAtLinking: standing('member', { openOrders: 1 }),
    ChildInArrearsAtLinking: standing('member', { arrears: 1 }),
    OrdersOpen: standing('member', { openOrders: 1 }, false),
    ChildInArrears: standing('member', { arrears: 1 }, false),
    ParentOverdrawn: standing('payer', { availableBalance: -1 }, false),
  },
};

/** Situations of an operation that it does not refuse for, of which there should be none. */
export function unneeded({ action, errors }: Operation): string[] {
  return Object.keys(own[action] ?? {}).filter((reason) => !errors.some((declared) => declared === reason));
}

/** A call that an operation refuses for a reason, in an estate where its example would succeed. Throws if nobody knows how. */
export async function situated(
  operation: Operation,
  reason: Reason,
  estate: Parties,
  example: Example,
): Promise<RefusedCall> {
  const situation = own[operation.action]?.[reason] ?? common[reason];
  if (situation === undefined) {
    throw new Error(`${operation.action} refuses for ${reason}: test/directory/situations.ts does not say when`);
  }
  const directory = await estate.deps.directories.find(estate.parent.uid);
  const { id: directoryId = '', rootFolderId = '' } = { ...directory };
  const staged = {
    operation,
    estate: { ...estate, directoryId, rootFolderId },
    by: example.by,
    params: example.params,
  };
  return { ...example, ...(await situation(staged)) };
}

/** So many folders in the root folder. */
function folders(parentId: string, count: number, tags: Readonly<Record<string, string>> = {}) {
  const all = Array.from({ length: count }, (_, nth) => [
    `fd-${1_000_000_000 + nth}`,
    { name: `Folder${nth}`, parentId, tags, createdAtMs: 0 },
  ]);
  return { folders: Object.fromEntries(all) };
}

function noFolderToTag(staged: Staged): Partial<RefusedCall> {
  const named = { ResourceType: 'Folder', 'ResourceId.1': 'fd-0123456789' };
  return { ...withParams(staged, named), version: resourceDirectoryMaster };
}

/** What an account is asked for that enables a directory under a new management account. */
async function phoneOf({ call, operator }: Parties, { uid }: Example['by']): Promise<Example['params']> {
  const SecureMobilePhone = '86-13900001234';
  const { body } = await call(operator, 'DescribeVerificationCode', { Uid: uid, SecureMobilePhone });
  return {
    EnableMode: 'NewManagementAccount',
    MAName: 'user01@rdadmin.aliyunid.com',
    MASecureMobilePhone: SecureMobilePhone,
    VerificationCode: body.VerificationCode,
  };
}
