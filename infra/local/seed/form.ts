import * as v from 'valibot';
import { account, key, party } from '#infra/local/seed/accountForm.ts';
import { directory } from '#infra/local/seed/directoryForm.ts';
import { line, oneOf, whole, words } from '#infra/local/seed/leaf.ts';
import { MOST_MONEY } from '#lib/domain/account.ts';
import { type Permission, permissions } from '#lib/domain/relation/permissions.ts';
import { permissionsByPoint, policiesByNumber } from '#lib/products/billing/vocabulary.ts';
import { permissionCodes, policyNames } from '#lib/products/bss/vocabulary.ts';

const policy = words("management: the child pays. trusteeship: the parent pays for it. Either vendor's word will do.", {
  management: 'management',
  trusteeship: 'trusteeship',
  [policyNames.management]: 'management',
  [policyNames.trusteeship]: 'trusteeship',
  ...policiesByNumber,
});

const permission = words(
  "What the child grants to the parent, or is forbidden: our words, or a vendor's codes or points.",
  {
    ...ownPermissions(),
    ...permissionCodes,
    ...permissionsByPoint,
  },
);

const relation = v.strictObject({
  parent: party,
  child: party,
  policy: v.optional(policy, 'management'),
  permissions: v.optional(v.array(permission), []),
  status: v.optional(oneOf(['active', 'inviting'], 'inviting: the child has not answered yet.'), 'active'),
  nick: v.optional(line(0, 64, "The parent's name for the child."), ''),
  lentCredit: v.optional(whole(0, MOST_MONEY, 'Minor units the parent has lent to the child in it.'), 0),
});

/** An estate in writing: accounts and what is between them. What a file does not say is not touched where it is loaded. */
export const seedForm = v.strictObject({
  $schema: v.optional(line(1, 1000, 'Where the schema of this form is, for editors.')),
  accounts: v.optional(v.array(account), []),
  operators: v.optional(v.array(key), []),
  directories: v.optional(v.array(directory), []),
  relations: v.optional(v.array(relation), []),
});

/** What a seed says. */
export type Seed = v.InferOutput<typeof seedForm>;

/** The same as it is written. */
export type WrittenSeed = v.InferInput<typeof seedForm>;

/** The permissions by their own names; `Object.fromEntries` widens the names, not what they stand for. */
function ownPermissions(): Readonly<Record<string, Permission>> {
  return Object.fromEntries(permissions.map((name) => [name, name]));
}
