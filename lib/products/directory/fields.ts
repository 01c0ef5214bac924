import * as v from 'valibot';
import { flag, integer, text } from '#lib/dialects/fields.ts';
import type { AccountType } from '#lib/domain/directory/member.ts';
import { accountTypeNames } from '#lib/products/directory/vocabulary.ts';

/** The id of an account: 16 digits, as text. */
export const accountId = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  v.regex(/^[1-9]\d{15}$/),
  v.transform(Number),
  v.safeInteger(),
  v.description('The id of a member: 16 digits.'),
);

/** Letters of any script count as one character each (docs/vendors/alibaba-resource-directory.md 4). */
export const displayName = v.pipe(
  text(100),
  v.minGraphemes(2),
  v.maxGraphemes(50),
  v.regex(/^[\p{L}\p{N}_. -]*$/u),
  v.description(
    'The name of the member, unique in the directory: 2 to 50 letters, digits, spaces and _ . - characters.',
  ),
);

/** The same without spaces, for an account that is created with an e-mail address (docs/vendors/alibaba-resource-directory.md 8.5). */
export const cloudDisplayName = v.pipe(
  displayName,
  v.regex(/^\S*$/),
  v.description('The name of the member, unique in the directory: 2 to 50 letters, digits and _ . - characters.'),
);

/** An address, without what stands around it. Which account has it is asked without regard to case. */
export const email = v.pipe(
  text(254),
  v.trim(),
  v.rfcEmail(),
  v.regex(/\.[^.]+$/),
  v.description('The address that is asked to confirm, and is the login of the account from then on.'),
);

/** Of any form: a malformed id is answered as that of a record that does not exist, because the vendor has no words for it. */
export const recordId = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  v.description('The id of the account record, as the operation answered it that asked or sent the mail last.'),
);

/** The id of a folder, which may be the root folder (docs/vendors/alibaba-resource-directory.md 2). */
export const folderId = v.pipe(
  v.string(),
  v.regex(/^(?:r-[0-9A-Za-z]{6}|fd-[0-9A-Za-z]{10})$/),
  v.description('The id of a folder, or of the root folder.'),
);

/** The same of a folder that can be changed: the root folder cannot. */
export const ownFolderId = v.pipe(
  v.string(),
  v.regex(/^fd-[0-9A-Za-z]{10}$/),
  v.description('The id of a folder, not of the root folder.'),
);

/** Where a member that is created is put. */
export const placeOfMember = v.optional(
  v.pipe(folderId, v.description('Where the member is put; in the root folder if it is not given.')),
);

/** Who pays for a member that is created. */
export const payerOfMember = v.optional(
  v.pipe(accountId, v.description('Who pays for it: the management account or a member; itself if not given.')),
);

export const folderName = v.pipe(
  text(48),
  v.minGraphemes(1),
  v.maxGraphemes(24),
  v.regex(/^[\p{L}\p{N}_.-]*$/u),
  v.description('The name of the folder, unique under its parent: 1 to 24 letters, digits and _ . - characters.'),
);

/** Starts and ends with a letter or digit, and has no two special characters in a row. */
export const accountNamePrefix = v.pipe(
  text(50),
  v.minLength(2),
  v.maxLength(37),
  v.regex(/^[0-9A-Za-z]+(?:[_.-][0-9A-Za-z]+)*$/),
  v.description('How the account name begins: 2 to 37 characters; drawn if it is not given.'),
);

const enableModes = ['CurrentAccount', 'NewManagementAccount'] as const;

export const enableMode = v.pipe(
  v.picklist(enableModes),
  v.description('Whether the caller itself becomes the management account, or an account that is made for it.'),
);

/** Its prefix is of 2 to 50 characters, and otherwise as that of any account name. */
export const managementAccountName = v.pipe(
  text(128),
  v.regex(/^(?=.{2,50}@)[0-9A-Za-z]+(?:[_.-][0-9A-Za-z]+)*@rdadmin\.aliyunid\.com$/),
  v.description('The name of the new management account: `<prefix>@rdadmin.aliyunid.com`.'),
);

export const securePhone = v.pipe(
  v.string(),
  v.regex(/^\d{1,4}-\d{5,15}$/),
  v.description('A telephone: `<country code>-<number>`.'),
);

export const verificationCode = v.pipe(text(16), v.description('The code that was sent to that telephone.'));

/** The two types of accounts, by the vendor's names. */
export const accountType = v.pipe(
  v.picklist(Object.values(accountTypeNames)),
  v.transform((name): AccountType => (name === accountTypeNames.cloud ? 'cloud' : 'resource')),
  v.description('What the account is to be: ResourceAccount or CloudAccount.'),
);

export const includeTags = v.pipe(flag, v.description('Whether the answer names tags.'));

export const queryKeyword = v.pipe(text(50), v.description('Lists only what has this in its name, in any case.'));

/** Whether a name has the keyword in it. */
export function isNamedLike(name: string, keyword: string): boolean {
  return name.toLowerCase().includes(keyword.toLowerCase());
}

export const pageNumber = v.pipe(integer(1), v.description('The page, from 1.'));

export const pageSize = v.pipe(integer(1, 100), v.description('Rows a page, at most 100.'));

/** The part of a list that a page is. */
export function sliceOf({ PageNumber, PageSize }: Readonly<Record<'PageNumber' | 'PageSize', number>>) {
  return { offset: (PageNumber - 1) * PageSize, limit: PageSize };
}

export const maxResults = v.pipe(integer(1, 100), v.description('Rows a page, at most 100.'));

const MOST_TOKEN_CHARACTERS = 256;

export const nextToken = v.pipe(
  text(MOST_TOKEN_CHARACTERS),
  v.description('The token of the next page, as the page before answered it.'),
);

export const resellAccountType = v.pipe(
  v.picklist(['resell', 'non_resell']),
  v.description('For resellers of the international site; here only resell, the default.'),
);
