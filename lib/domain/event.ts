/** Something that happened to a subject of the ledger. `from` and `to` are equal where its status did not move; times are epoch ms. */
export interface LedgerEvent {
  readonly eventId: string;
  /** What it happened to, as in `relation`, and which one. */
  readonly subject: string;
  readonly id: number | string;
  /** The accounts it is filed under, as far as it is; none where it is nobody's, as of an operator's own key. */
  readonly owners?: readonly number[] | undefined;
  /** The transition, or what else happened. */
  readonly event: string;
  readonly from: string;
  readonly to: string;
  /** Values of the subject's own, such as an amount of credit in minor currency units. */
  readonly facts?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly action: string;
  readonly actor: number | 'operator' | 'clock' | 'bearer';
  /** The id of the key by which an operator acted; events of accounts, of the clock and of earlier schemas have none. */
  readonly actorKeyId?: string | undefined;
  readonly timeMs: number;
  readonly requestId: string;
}
