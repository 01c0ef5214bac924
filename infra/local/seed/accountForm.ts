import * as v from 'valibot';
import { leaf, line, whole, yesNo } from '#infra/local/seed/leaf.ts';
import { MOST_MONEY } from '#lib/domain/account.ts';
import { accountUid } from '#lib/products/operator/fields.ts';

/** The uid of an account. */
export const uid = leaf(
  accountUid,
  'the uid of an account: 16 digits, or 10',
  'The uid: 16 digits, or 10 for typed SDKs.',
  {
    type: ['integer', 'string'],
    pattern: '^[1-9](\\d{9}|\\d{15})$',
  },
);

/** The login e-mail of an account. */
export const email = leaf(
  v.pipe(v.string(), v.maxLength(254), v.rfcEmail()),
  'an e-mail address',
  'A login e-mail that no other account has.',
  { type: 'string', format: 'email' },
);

const keyId = leaf(
  v.pipe(v.string(), v.regex(/^[\w.=+-]{4,128}$/)),
  'a text of 4 to 128 letters, digits and _ . = + - characters, in quotes if it looks like a number',
  'Drawn unless given: the same for the same account at every load.',
  { type: 'string', pattern: '^[\\w.=+-]{4,128}$' },
);

/** An access key of an account, or of operators. */
export const key = v.strictObject({
  accessKeyId: v.optional(keyId),
  accessKeySecret: v.optional(line(8, 256, 'Derived from the id and the master key of the data folder unless given.')),
  root: v.optional(yesNo("Whether it is the root user's, and not a user's with every right."), false),
});

const money = (description: string) => whole(-MOST_MONEY, MOST_MONEY, description);

const standing = v.strictObject({
  availableBalance: v.optional(money('Minor units, lent credit included; may be negative.')),
  arrears: v.optional(whole(0, MOST_MONEY, 'Minor units owed on bills.')),
  openOrders: v.optional(whole(0, MOST_MONEY, 'How many orders are unfinished.')),
  frozen: v.optional(yesNo('A frozen account cannot open relations as a parent.')),
});

const env = leaf(
  v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9_]{0,30}$/)),
  'a name in capitals, such as PAYER',
  'demo.env then has the uid and the first key under this name: PAYER_UID, PAYER_AK, PAYER_SK.',
  { type: 'string', pattern: '^[A-Z][A-Z0-9_]{0,30}$' },
);

/** What every account may have. */
export const common = {
  uid: v.optional(uid),
  env: v.optional(env),
  email: v.optional(email),
  keys: v.optional(v.array(key)),
  standing: v.optional(standing),
};

/** The name by which other parties know an account. */
export const loginName = (description: string) => line(1, 64, description);
/** The name of a company, which may be none. */
export const legalName = (description: string) => v.optional(line(0, 128, description));

/** An account that is a member of no directory here. */
export const account = v.strictObject({
  name: loginName('The login name other parties see.'),
  legalName: legalName(
    'The verified enterprise name. Accounts of one are related without an invitation. None: not verified.',
  ),
  ...common,
});

/** An account that is named somewhere. */
export const party = leaf(
  v.union([v.pipe(v.string(), v.minLength(1)), v.number()]),
  'the uid or the name of an account',
  'An account of this file or of the estate: its uid, or its name.',
  { type: ['string', 'integer'] },
);
