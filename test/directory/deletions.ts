import { expect } from 'vitest';
import { job } from '#functions/workers/outbox.ts';
import type { Deps } from '#lib/deps.ts';
import { add, type Parties } from '#test/bss/parties.ts';
import {
  type DirectoryEstate,
  direct,
  directed,
  enabled,
  newDirectoryEstate,
  signerOf,
} from '#test/directory/calls.ts';
import type { Answer, Params } from '#test/support/estate.ts';
import { refused } from '#test/support/refusals.ts';
import { fakeMailer, mailingContext } from '#test/workers/mailing.ts';
import { allOf } from '#test/workers/overdue.ts';
import { inserted } from '#test/workers/stream.ts';

export const deletionForbidden = refused(
  'DeletionForbidden',
  'NoLicense.ResourceDirectory',
  'The resource directory has not enabled the delete operation.',
  409,
);
export const byRootUser = refused(
  'CallerIsRootUser',
  'CallerIdentityError.DeleteAccount',
  'Please use the RAM user or role of the management account to delete.',
  409,
);
export const isCloudAccount = refused(
  'MemberIsCloudAccount',
  'MemberTypeError.DeleteAccount',
  'You can only delete accounts of the resource account type created by Resource Directory.',
  409,
);
export const legalNameDiffers = refused(
  'MemberLegalNameDiffers',
  'LegalEntityDifferent',
  'The account legal entity is different from the one of the Management Account.',
  409,
);
export const checkUnknown = refused(
  'CheckUnknown',
  'EntityNotExists.CheckAccount',
  'There is no check task for this account',
  409,
);

/** Permits that members of the parent's directory are deleted. */
export async function permitted<Of extends Parties>(estate: Of): Promise<Of> {
  await directed(estate, estate.parent, 'SetMemberDeletionPermission', { Status: 'Enabled' });
  return estate;
}

/** An estate whose parent manages a directory of which members may be deleted. */
export async function newDeletionEstate(): Promise<DirectoryEstate> {
  return permitted(await newDirectoryEstate());
}

/** The same in an estate that there is. */
export async function enabledForDeletion(estate: Parties): Promise<DirectoryEstate> {
  return permitted(await enabled(estate));
}

/** Asks for a deletion, which must be granted. */
export function askDeletion(estate: DirectoryEstate, AccountId: string | number, params: Params = {}) {
  return directed(estate, estate.parent, 'DeleteAccount', { AccountId, ...params });
}

/** The rows that call for steps, as the stream delivers them. */
export async function stepsOf(estate: Parties) {
  const rows = (await allOf(estate, 'deletionStep')).toSorted((one, other) =>
    String(one['sk']) < String(other['sk']) ? -1 : 1,
  );
  return rows.map((row) => inserted(row, String(row['sk'])));
}

type Steps = Awaited<ReturnType<typeof stepsOf>>;

/** Has a worker take the steps that these records call for. */
export function take(estate: Parties, records: Steps, deps: Deps = estate.deps) {
  return job.run(mailingContext(fakeMailer(), deps), records);
}

/** Takes all steps that have not been taken, and those that follow, at most `most` of them. Answers how many that were. */
export async function settle(
  estate: Parties,
  { deps = estate.deps, most = 50 }: { deps?: Deps; most?: number } = {},
): Promise<number> {
  const before = takenIn.get(estate.tableName) ?? new Set();
  takenIn.set(estate.tableName, before);
  let count = 0;
  for (;;) {
    const [next] = (await stepsOf(estate)).filter(({ dynamodb }) => !before.has(dynamodb?.SequenceNumber));
    if (next === undefined || count === most) return count;
    before.add(next.dynamodb?.SequenceNumber);
    count++;
    expect(await take(estate, [next], deps)).toEqual({ again: undefined, passedOver: 0 });
  }
}

/** By table, the steps that were taken. */
const takenIn = new Map<string, Set<string | undefined>>();

/** How a deletion stands. */
export async function statusNow(estate: DirectoryEstate, AccountId: string | number): Promise<Answer['body']> {
  const { RdAccountDeletionStatus } = await directed(estate, estate.parent, 'GetAccountDeletionStatus', { AccountId });
  return RdAccountDeletionStatus;
}

/** What a check that is made now finds. */
export async function checked(estate: DirectoryEstate, AccountId: string | number): Promise<Answer['body']> {
  await directed(estate, estate.parent, 'CheckAccountDelete', { AccountId });
  await settle(estate);
  const { body } = await direct(estate, estate.parent, 'GetAccountDeletionCheckResult', { AccountId });
  return body.AccountDeletionCheckResultInfo;
}

/** Has the parent lend some of its balance to a member, along a relation that is made for it. */
export async function lent(estate: DirectoryEstate, AccountId: string, Amount = 40): Promise<void> {
  const { call, operator, parent } = estate;
  await call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: 100 });
  const child = await signerOf(estate, AccountId);
  await add(estate, parent, child, { PermissionCodes: ['SYNCHRONIZE_FINANCE_IDENTITY'] });
  const { status } = await call(operator, 'AllocateCredit', { ParentUid: parent.uid, ChildUid: AccountId, Amount });
  expect(status).toBe(200);
}
