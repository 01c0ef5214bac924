import * as v from 'valibot';
import { email, party, uid } from '#infra/local/seed/accountForm.ts';
import { leaf, line } from '#infra/local/seed/leaf.ts';
import { MOST_TAGS } from '#lib/domain/directory/tags.ts';
import { email as asked, cloudDisplayName } from '#lib/products/directory/fields.ts';
import { note } from '#lib/products/directory/handshakes.ts';

/** The tags of a member, a folder or an invitation. */
export const tags = leaf(
  v.pipe(
    v.record(v.pipe(v.string(), v.minLength(1), v.maxLength(128)), v.pipe(v.string(), v.maxLength(128))),
    v.maxEntries(MOST_TAGS),
  ),
  `at most ${MOST_TAGS} names and texts of at most 128 characters`,
  'Tags: texts by names.',
  { type: 'object', maxProperties: MOST_TAGS, additionalProperties: { type: 'string', maxLength: 128 } },
);

const folder = v.optional(
  line(1, 200, 'The folder it is for: names from the root on, as in Apps/Web. The root unless given.'),
);

const askedAddress = leaf(
  asked,
  'an e-mail address',
  'The address whose owner is asked, and that is to be the login. Nobody is sent a mail of it: a Resend operation sends one.',
  { type: 'string', format: 'email' },
);

const recordId = v.optional(
  leaf(
    v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)),
    'a UUID in small letters',
    'By which the mail is sent anew, or all of it called off; drawn unless given.',
    { type: 'string', format: 'uuid' },
  ),
);

/** The promotion of a resource account that waits for its confirmation. */
export const promotion = v.strictObject({ email: askedAddress, recordId });

/** An invitation to a directory that awaits its answer. */
export const invitation = v.strictObject({
  account: v.optional(party),
  email: v.optional(email),
  note: v.optional(
    leaf(note, 'a text of at most 1024 characters', 'What the account is told.', { type: 'string', maxLength: 1024 }),
    '',
  ),
  folder,
  tags: v.optional(tags, {}),
});

/** A cloud account that is created once the owner of an address confirms it. */
export const creation = v.strictObject({
  uid: v.optional(uid),
  displayName: leaf(
    cloudDisplayName,
    '2 to 50 letters, digits and _ . - characters',
    'What the member is to be called, unique in the directory.',
    { type: 'string', minLength: 2, maxLength: 50 },
  ),
  email: askedAddress,
  recordId,
  folder,
  payer: v.optional(party),
});
