import { page } from '#functions/pages/verify.ts';
import type { Deps } from '#lib/deps.ts';
import { created, type DirectoryEstate, directed } from '#test/directory/calls.ts';
import { type Answer, answerTo, type Estate, type Params } from '#test/support/estate.ts';
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

/** The path of the link that was mailed for a record. */
export function linkOf({ keyring }: Deps, recordId: string): string {
  return `${page.path}?token=${tokenOf({ keyring }, recordId)}`;
}

/** The token in that link. */
export function tokenOf({ keyring }: Pick<Deps, 'keyring'>, recordId: string): string {
  return keyring.linkToken(recordId);
}

/** Has the page answer a request of a browser. */
export async function visit(
  { deps }: Pick<Estate, 'deps'>,
  path: string,
  init: RequestInit = {},
  process: Deps = deps,
): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await answerTo(path, init, process, page.app);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Sends the page's form with a token, as its button does. */
export function submit(estate: Pick<Estate, 'deps'>, token: string, process?: Deps): ReturnType<typeof visit> {
  return visit(estate, page.path, { method: 'POST', body: new URLSearchParams({ token }) }, process);
}

/** Confirms a record by the link that was mailed for it. */
export function confirmed(estate: Pick<Estate, 'deps'>, recordId: string): ReturnType<typeof visit> {
  return submit(estate, tokenOf(estate.deps, recordId));
}
