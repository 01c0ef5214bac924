import * as v from 'valibot';
import { ItemFailure, itemKind, merged } from '#lib/domain/governance/itemKind.ts';
import { accountContact, contactNames } from '#lib/domain/governance/items/accountContact.ts';

/** 1 is on, 0 is off. */
const status = v.optional(v.picklist([0, 1]), 0);

const notifications = v.array(
  v.object({
    GroupKey: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
    Contacts: v.optional(v.array(v.object({ Name: v.string() })), []),
    PmsgStatus: status,
    EmailStatus: status,
    SmsStatus: status,
  }),
);

/** Which contacts are sent which group of messages, and how. Groups that are not named stay as they are. */
export const accountNotification = itemKind({
  name: 'ACS-BP_ACCOUNT_FACTORY_ACCOUNT_NOTIFICATION',
  description: 'Which contacts of the account are sent which messages.',
  dependsOn: [accountContact.name],
  config: v.object({ Notifications: v.optional(notifications, []) }),
  state: v.object({ Notifications: notifications }),
  apply({ Notifications }, { before, configuration }) {
    const known = contactNames(configuration);
    const named = Notifications.flatMap(({ Contacts }) => Contacts.map(({ Name }) => Name));
    if (!named.every((name) => known.includes(name))) return contactUnknown;
    return { Notifications: merged(before?.Notifications ?? [], Notifications, ({ GroupKey }) => GroupKey) };
  },
});

const contactUnknown = new ItemFailure(
  'MscOpenSubscription',
  'EntityNotExists.Contact',
  'The specified contact does not exist.',
);
