import * as v from 'valibot';
import { type Configuration, itemKind, merged, stateIn } from '#lib/domain/governance/itemKind.ts';

const name = 'ACS-BP_ACCOUNT_FACTORY_ACCOUNT_CONTACT';

const positions = [
  'CEO',
  'Technical Director',
  'Maintenance Director',
  'Project Director',
  'Finance Director',
  'Other',
] as const;

const contacts = v.array(
  v.object({
    // Graphemes are counted of a short text only: the time that takes grows with the square of the length.
    Name: v.pipe(v.string(), v.maxLength(100), v.minGraphemes(2), v.maxGraphemes(12)),
    Email: v.optional(v.pipe(v.string(), v.rfcEmail())),
    Mobile: v.optional(v.pipe(v.string(), v.regex(/^[\d+ -]{5,20}$/))),
    Position: v.optional(v.picklist(positions)),
  }),
);

const state = v.object({ Contacts: contacts });

/** Contacts, who are told what concerns the account. Those of the same name are replaced, others stay. */
export const accountContact = itemKind({
  name,
  description: 'The contacts of the account.',
  config: v.object({ Contacts: v.optional(contacts, []) }),
  state,
  apply({ Contacts }, { before }) {
    return { Contacts: merged(before?.Contacts ?? [], Contacts, ({ Name }) => Name) };
  },
});

/** The names of the contacts that an account has. */
export function contactNames(configuration: Configuration): string[] {
  return stateIn(configuration, { name, state })?.Contacts.map(({ Name }) => Name) ?? [];
}
