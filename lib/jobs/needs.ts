/** An event as it is published on the bus. It may be published twice, with the same `id`. */
export interface PublishedEvent {
  /** The subject and the type, as in `Relation accept`. */
  readonly detailType: string;
  readonly detail: EventDetail;
}

/** The part that all published events have. Each also names its subject and owners, and has its facts (docs/events.md). */
export interface EventDetail {
  readonly id: string;
  /** The transition, as in `accept`, or the name of another change. */
  readonly type: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The uid of the account that acted, or `operator`, `clock` or `bearer`. */
  readonly actor: number | string;
  /** The key an operator signed with. */
  readonly actorKeyId?: string | undefined;
  readonly action: string;
  readonly from: string;
  readonly to: string;
  readonly requestId: string;
  readonly [name: string]: unknown;
}

/** The bus on which events are published. */
export interface Bus {
  /** Publishes events and answers the ids of those that the bus did not take. */
  publish(events: readonly PublishedEvent[]): Promise<string[]>;
}

/** A mail, as the mailer gets it. */
export interface Mail {
  /** The same for the same mail, however often it is handed over. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What delivers mails. */
export interface Mailer {
  /** Where the links of mails lead, without a slash at its end. */
  readonly baseUrl: string;
  /** Hands a mail over. Throws `MailRefused` if it will never be taken; whatever else it throws may pass. */
  send(mail: Mail): Promise<void>;
}

/** A mail was refused for good, such as for an address that cannot be one. */
export class MailRefused extends Error {}

/** The secret tokens of links. */
export interface LinkTokens {
  /** The token of the link to a record, which proves that its bearer was sent the mail. Always the same for a record. */
  tokenOf(recordId: string): Promise<string>;
}
