import * as v from 'valibot';
import { flag, inputOf, integer, jsonText, text, uid } from '#lib/dialects/fields.ts';
import type { EnrolledItem, SentTag } from '#lib/domain/governance/effective.ts';
import { Refusal } from '#lib/errors.ts';
import { displayName, folderId } from '#lib/products/directory/fields.ts';
import { tags } from '#lib/products/directory/tags.ts';
import { itemEntries, itemOf, itemsOf } from '#lib/products/governance/baselines.ts';

const MOST_BATCHED = 20;

/** A uid; 0 stands for none. */
const optionalUid = v.pipe(
  integer(0),
  v.transform((sent) => sent || undefined),
);

/** Longer than in the directory: the limit of the vendor's home site (docs/vendors/alibaba-governance.md 4.2, 12.10). */
const accountNamePrefix = v.pipe(
  v.string(),
  v.minLength(2),
  v.maxLength(50),
  v.regex(/^[0-9A-Za-z]+(?:[_.-][0-9A-Za-z]+)*$/),
);

/** What an account is created with. An existing account may come with them too, and then they are not looked at. */
export const creationEntries = {
  AccountNamePrefix: v.optional(
    v.pipe(text(256), v.description('How the name of a new account begins: 2 to 50 characters; required for one.')),
  ),
  DisplayName: v.optional(
    v.pipe(text(256), v.description('What a new account is called, unique in the directory; required for one.')),
  ),
  FolderId: v.optional(
    v.pipe(text(256), v.description('Where a new account is put; in the root folder if it is not given.')),
  ),
  PayerAccountUid: v.optional(
    v.pipe(optionalUid, v.description('Who pays for a new account: the management account or a member; else itself.')),
  ),
  ResellAccountType: v.optional(
    v.pipe(text(64), v.description('For resellers of the international site; here only resell, the default.')),
  ),
};

const creation = v.object({
  AccountNamePrefix: accountNamePrefix,
  DisplayName: displayName,
  FolderId: v.optional(folderId),
});

type SentCreation = v.InferOutput<v.ObjectSchema<typeof creationEntries, undefined>>;

/**
 * What a new account is to be. Throws `ParameterInvalid`, also for what is missing: whether it is required depends on the account
 * (docs/vendors/alibaba-governance.md 4.1).
 */
export function creationIn({ ResellAccountType, ...sent }: SentCreation) {
  for (const parameter of ['AccountNamePrefix', 'DisplayName'] as const) {
    if (sent[parameter] === undefined) throw new Refusal('ParameterInvalid', { parameter, fault: 'value' });
  }
  // The default says nothing; anything else would be for resellers (docs/vendors/alibaba-governance.md 3.5).
  if (ResellAccountType !== undefined && ResellAccountType !== 'resell') {
    throw new Refusal('ParameterInvalid', { parameter: 'ResellAccountType', fault: 'value' });
  }
  const { AccountNamePrefix, DisplayName, FolderId } = inputOf(creation, {
    AccountNamePrefix: sent.AccountNamePrefix ?? '',
    DisplayName: sent.DisplayName ?? '',
    ...(sent.FolderId !== undefined && { FolderId: sent.FolderId }),
  });
  return {
    namePrefix: AccountNamePrefix,
    displayName: DisplayName,
    folderId: FolderId,
    payerUid: sent.PayerAccountUid,
  };
}

export const accountUid = v.pipe(uid, v.description('An account that is enrolled.'));

/** The account that is enrolled, if there is one already. */
export const existingUid = v.optional(
  v.pipe(optionalUid, v.description('An existing member that is enrolled; an account is created if it is not given.')),
);

export const batchedAccounts = v.optional(
  v.pipe(
    v.array(v.object({ AccountUid: uid })),
    v.maxLength(MOST_BATCHED),
    v.description('The members that are enrolled, each by its AccountUid: at most 20.'),
  ),
  [],
);

/** Each account once. Throws `ParameterInvalid` for none (docs/vendors/alibaba-governance.md 7.2). */
export function uidsIn(accounts: readonly { readonly AccountUid: number }[]): number[] {
  if (accounts.length === 0) throw new Refusal('ParameterInvalid', { parameter: 'Accounts', fault: 'value' });
  return [...new Set(accounts.map(({ AccountUid }) => AccountUid))];
}

/** An empty text says nothing, as that of a field that is not configured. */
const skip = v.optional(
  v.union([
    flag,
    v.pipe(
      v.literal(''),
      v.transform(() => false),
    ),
  ]),
  false,
);

/** Items in place of those of the baseline. */
export const overrides = v.optional(
  v.pipe(
    itemsOf(v.object({ ...itemEntries, Skip: skip })),
    v.description(
      'Items in place of those of the same Name in the baseline, or beside it: Name, Version, Config, Skip.',
    ),
  ),
  [],
);

type SentOverride = v.InferOutput<v.ObjectSchema<typeof itemEntries, undefined>> & { readonly Skip: boolean };

export function overrideOf({ Skip, ...item }: SentOverride): EnrolledItem {
  return { ...itemOf(item), skip: Skip };
}

/** Tags as JSON, or flat. */
export const sentTags = v.optional(
  v.pipe(
    v.union([tags, v.pipe(jsonText, tags)]),
    v.description('Tags of the account as JSON: at most 20 pairs of Key and Value; [] takes off those given before.'),
  ),
);

export function sentTagOf({ Key, Value }: { readonly Key: string; readonly Value: string }): SentTag {
  return { key: Key, value: Value };
}
