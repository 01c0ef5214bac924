import type { Call } from '#lib/call.ts';
import type { Machine } from '#lib/domain/machine.ts';
import type { Rules, StateOf } from '#lib/domain/rules.ts';
import type { Refusal } from '#lib/errors.ts';
import type { Facts, Owners } from '#lib/store/ledger.ts';
import type { Write, WriteItem } from '#lib/table/commit.ts';
import type { Change, Fragment } from '#lib/table/expressions.ts';
import type { Key, Row } from '#lib/table/table.ts';

/** The types that differ from aggregate to aggregate. */
export interface Kind {
  readonly id: string | number;
  readonly status: string;
  readonly event: string;
  readonly party: string;
  readonly guard: string;
  readonly effect: string;
  /** The aggregate as read from its row. */
  readonly state: StateOf<string, never>;
  /** Values from the caller that guards compare with the row. */
  readonly said: object;
}

/** An aggregate: its state table, where it is stored, how it is read, and what its effects write. */
export interface Aggregate<K extends Kind> {
  readonly machine: Machine<K['status'], K['event'], K['party'], K['guard'], K['effect']>;
  readonly rules: Rules<K['state'], K['status'], K['party'], K['guard'], K['said']>;
  /** Its name in events. */
  readonly subject: string;
  /** The sort key of all its rows, by which the sweep recognises them. */
  readonly sortKey: string;
  key(id: K['id']): Key;
  idOf(key: Key): K['id'];
  /** Throws when the row is malformed. */
  read(row: Row): K['state'] & StateOf<K['status'], K['party']>;
  readonly effects: Readonly<Record<K['effect'], (call: Call) => Change>>;
  /** Attributes that exist only while a status waits for a deadline; removed when it is left. */
  readonly waitsWith?: readonly string[];
  /** Changes of a row that comes to a status from another, such as its place in an index. They depend on the new status alone. */
  placed?(status: K['status'], id: K['id']): Change;
}

/** One move of an aggregate. Times are epoch ms. */
export interface Move<K extends Kind> {
  readonly event: K['event'];
  readonly id: K['id'];
  readonly call: Call;
  readonly said?: K['said'] | undefined;
  /** Changes of the row besides its status. */
  readonly change?: Change;
  /** The deadline of the new status, if it has one. */
  readonly deadlineMs?: number | undefined;
  /** Conditions besides the status and who the caller is. */
  readonly conditions?: readonly Fragment[];
  /** Why one of `conditions` does not hold. Checked after absence and party, before status and guard. */
  readonly disagreement?: (state: K['state']) => Refusal | undefined;
  /** Called first when the write is refused: may give another write to try instead, or another refusal. */
  readonly otherwise?: ((state: K['state']) => Write | Refusal | undefined) | undefined;
  /** The clock's event that must happen before this one, if it is due but not recorded: this write records it too. */
  readonly lapse?: K['event'] | undefined;
  /** Further items of the same transaction. */
  readonly also?: readonly WriteItem[];
  /** Further values of the event. */
  readonly facts?: Facts;
  /** The accounts that the event is filed under, if they are known. */
  readonly owners?: Owners | undefined;
}

/** A change of an aggregate that leaves its status as it is. */
export interface Amendment<K extends Kind> extends Omit<Move<K>, 'event' | 'said' | 'otherwise' | 'disagreement'> {
  readonly eventName: string;
  /** The aggregate as it was read. `Stale` if it has changed since. */
  readonly read: K['state'];
  readonly version: number;
}
