import type { Deps } from '#lib/deps.ts';
import { created, type DirectoryEstate, directed } from '#test/directory/calls.ts';
import type { Answer, Params } from '#test/support/estate.ts';
import { refused } from '#test/support/refusals.ts';

/** How soon a mail may be sent anew, and how long its link works. */
export const ASK_AGAIN_MS = 60_000;
export const LINK_MS = 24 * 60 * 60 * 1000;

/** A record id that is well formed and nobody's. */
export const noRecord = '00000000-0000-4000-8000-000000000000';

export const recordUnknown = refused(
  'RecordUnknown',
  'EntityNotExists.AccountRecord',
  'This resource directory account recordId does not exist.',
  404,
);
export const recordUnfit = refused(
  'RecordUnfit',
  'AccountTypeOrStatusMismatch',
  'You cannot perform the action on the member account.',
  409,
);
export const mailedRecently = refused(
  'MailedRecently',
  'LimitExceeded.Frequency',
  'The frequency of request exceeds limit.',
  409,
);
export const emailUsed = refused('EmailClaimed', 'InvalidParameter.Email.AlreadyUsed', 'The email has been used.', 409);

/** Creates a resource account and asks to promote it; answers the account as that call does. */
export async function promoting(estate: DirectoryEstate, params: Params = {}): Promise<Answer['body']> {
  const { AccountId } = await created(estate, 'Dev');
  return promoted(estate, { AccountId, Email: 'dev@example.com', ...params });
}

/** Asks to promote an account, and answers it. */
export async function promoted(estate: DirectoryEstate, params: Params): Promise<Answer['body']> {
  return (await directed(estate, estate.parent, 'PromoteResourceAccount', params)).Account;
}

/** Asks to create a cloud account, and answers it. */
export async function asked(estate: DirectoryEstate, params: Params = {}): Promise<Answer['body']> {
  const given = { DisplayName: 'Cloud', Email: 'cloud@example.com', ...params };
  return (await directed(estate, estate.parent, 'CreateCloudAccount', given)).Account;
}

/** The member as GetAccount shows it. */
export async function accountNow(estate: DirectoryEstate, AccountId: string): Promise<Answer['body']> {
  return (await directed(estate, estate.parent, 'GetAccount', { AccountId })).Account;
}

/** The token in the link that was mailed for a record. */
export function tokenOf({ keyring }: Deps, recordId: string): string {
  return keyring.linkToken(recordId);
}
