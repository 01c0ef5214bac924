import * as v from 'valibot';
import { common, legalName, loginName, party } from '#infra/local/seed/accountForm.ts';
import { baseline } from '#infra/local/seed/baselineForm.ts';
import { leaf, line, oneOf, whole, yesNo } from '#infra/local/seed/leaf.ts';
import { creation, invitation, promotion, tags } from '#infra/local/seed/pendingForm.ts';
import { MOST_FOLDERS, MOST_MEMBERS } from '#lib/domain/directory/directory.ts';
import { accountTypes } from '#lib/domain/directory/member.ts';
import { factoryStatuses } from '#lib/domain/governance/factory.ts';
import { folderName } from '#lib/products/directory/fields.ts';

const invitee = leaf(
  v.union([v.pipe(v.string(), v.minLength(1)), v.number()]),
  'the uid or the name of an account',
  'An account that was invited, by its uid or name. Not given: the member is made in the directory, and is described here.',
  { type: ['string', 'integer'] },
);

/** A member of a directory. */
export const member = v.strictObject({
  account: v.optional(invitee),
  type: v.optional(
    oneOf(accountTypes, 'resource, the default: used through the directory alone. cloud: with a login of its own.'),
  ),
  displayName: v.optional(
    leaf(
      v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
      'a text of 1 to 64 characters',
      "Its name, unique in the directory. Required, except of an account that was invited: that account's name then.",
      { type: 'string', minLength: 1, maxLength: 64 },
    ),
  ),
  folder: v.optional(
    line(1, 200, 'The folder it is in: names from the root on, as in Apps/Web. The root unless given.'),
  ),
  payer: v.optional(party),
  promotion: v.optional(promotion),
  tags: v.optional(tags, {}),
  name: v.optional(loginName('The login name other parties see.')),
  legalName: legalName("The verified enterprise name; the management account's unless given."),
  ...common,
});

/** A folder, with those in it. */
export interface SeedFolder {
  readonly name: string;
  readonly id?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly folders: readonly SeedFolder[];
}

const folder: v.GenericSchema<unknown, SeedFolder> = v.strictObject({
  name: leaf(
    folderName,
    '1 to 24 letters, digits and _ . - characters',
    'Its name, unique in the folder that it is in.',
    {
      type: 'string',
      minLength: 1,
      maxLength: 24,
    },
  ),
  id: v.optional(
    leaf(
      v.pipe(v.string(), v.regex(/^fd-[0-9A-Za-z]{10}$/)),
      'fd- and 10 letters or digits',
      'Its id; drawn unless given.',
      {
        type: 'string',
        pattern: '^fd-[0-9A-Za-z]{10}$',
      },
    ),
  ),
  tags: v.optional(tags, {}),
  folders: v.optional(v.array(v.lazy(() => folder)), []),
});

const idOf = (prefix: 'rd' | 'r') =>
  leaf(
    v.pipe(v.string(), v.regex(new RegExp(`^${prefix}-[0-9A-Za-z]{6}$`))),
    `${prefix}- and 6 letters or digits`,
    'Its id; drawn unless given.',
    {
      type: 'string',
      pattern: `^${prefix}-[0-9A-Za-z]{6}$`,
    },
  );

/** A directory, its folders and its members. */
export const directory = v.strictObject({
  management: party,
  id: v.optional(idOf('rd')),
  rootFolderId: v.optional(idOf('r')),
  memberQuota: v.optional(
    whole(1, MOST_MEMBERS, 'How many members it may have; 20, or as many as are given here, unless given.'),
  ),
  folderQuota: v.optional(
    whole(1, MOST_FOLDERS, 'How many folders it may have; 100, or as many as are given here, unless given.'),
  ),
  permitsDeletion: v.optional(yesNo('Whether its members may be deleted.'), false),
  controlPolicy: v.optional(yesNo('Whether control policies are enabled.'), false),
  displayNameSync: v.optional(yesNo('Whether a member is to learn what it is called in the directory.'), false),
  folders: v.optional(v.array(folder), []),
  members: v.optional(v.array(member), []),
  invitations: v.optional(v.array(invitation), []),
  creations: v.optional(v.array(creation), []),
  accountFactory: v.optional(oneOf(factoryStatuses, 'How far its landing zone is; ready unless given.')),
  baselines: v.optional(v.array(baseline), []),
});
