import type { RelationStatus } from '#lib/domain/relation/relation.ts';

/** Something that happened to a relation. `from` and `to` are equal where its status did not move; times are epoch ms. */
export interface LedgerEvent {
  readonly eventId: string;
  readonly relationId: number;
  /** The transition, or what else happened. */
  readonly event: string;
  readonly from: RelationStatus | 'nothing';
  readonly to: RelationStatus;
  /** Minor currency units, of credit that moved. */
  readonly amount?: number | undefined;
  readonly action: string;
  readonly actor: number | 'operator' | 'clock';
  readonly timeMs: number;
  readonly requestId: string;
}
