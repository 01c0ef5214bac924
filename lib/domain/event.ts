/** An event of a subject of the ledger. `from` and `to` are equal if its status did not change. Times are epoch ms. */
export interface LedgerEvent {
  readonly eventId: string;
  /** The kind of subject, as in `relation`, and which one of them. */
  readonly subject: string;
  readonly id: number | string;
  /** The accounts it is filed under; undefined before it is filed, empty if no account owns the subject. */
  readonly owners?: readonly number[] | undefined;
  /** The transition, or the name of another change. */
  readonly event: string;
  readonly from: string;
  readonly to: string;
  /** Further values, particular to the subject, such as an amount of credit in minor currency units. */
  readonly facts?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly action: string;
  readonly actor: number | 'operator' | 'clock' | 'bearer';
  /** The key an operator signed with. Events of others, and of earlier schemas, have none. */
  readonly actorKeyId?: string | undefined;
  readonly timeMs: number;
  readonly requestId: string;
}
