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

/** To count the characters of a long text takes longer than its length: so it must not be long. */
const MOST_UNITS = 120;

const contactName = v.pipe(v.string(), v.maxLength(MOST_UNITS), v.minGraphemes(2), v.maxGraphemes(12));

const reached = {
  Email: v.optional(v.pipe(v.string(), v.rfcEmail())),
  Mobile: v.optional(v.pipe(v.string(), v.regex(/^[\d+ -]{5,20}$/))),
  Position: v.optional(v.picklist(positions)),
};

const contacts = v.array(v.object({ Name: contactName, ...reached }));

const state = v.object({ Contacts: v.array(v.object({ Name: v.string(), ...reached })) });

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
