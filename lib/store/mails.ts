import * as v from 'valibot';
import type { ConfirmationRequest, InvitationNotice } from '#lib/domain/mail.ts';
import { mailKey } from '#lib/store/keys.ts';
import { commit, type WriteItem } from '#lib/table/commit.ts';
import { create, neverRefused, present, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Table } from '#lib/table/table.ts';

/** How long a mail is kept, whether it was sent or not: it names an address, and its link does not live longer. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

const confirmationRequest = v.object({
  kind: v.picklist(['promotion', 'creation']),
  recordId: v.string(),
  askedBy: v.string(),
  legalName: v.string(),
  accountUid: v.number(),
  displayName: v.string(),
  deadlineMs: v.number(),
});

const invitationNotice = v.object({
  kind: v.literal('invitation'),
  handshakeId: v.string(),
  askedBy: v.string(),
  legalName: v.string(),
  directoryId: v.string(),
  deadlineMs: v.number(),
});

/** In the first schema every mail asked for a confirmation. */
export const mailRow = rowKind({
  type: 'mail',
  shape: v.object({
    id: v.string(),
    to: v.string(),
    asks: v.union([confirmationRequest, invitationNotice]),
    atMs: v.number(),
    sentAtMs: v.optional(v.number()),
    refusedAtMs: v.optional(v.number()),
    refusal: v.optional(v.string()),
  }),
  upgrades: [(row) => row],
});

/** A mail of the outbox: to whom, what it asks for or tells of, and what has become of it. */
export interface OutboxMail {
  /** Made from what it is about, so that there is one mail for one event. */
  readonly id: string;
  readonly to: string;
  readonly asks: ConfirmationRequest | InvitationNotice;
  readonly atMs: number;
  /** Once the mailer has taken it. */
  readonly sentAtMs?: number | undefined;
  /** Once it was refused for good. */
  readonly refusedAtMs?: number | undefined;
}

/**
 * Has a mail sent as part of a write: once that is committed, and not unless it is. What it is about gives it its id: for one record
 * or invitation there is one mail. `wallNowMs`: the wall's time, by which the table forgets.
 */
export function mailOut(to: string, asks: OutboxMail['asks'], atMs: number, wallNowMs: number): WriteItem {
  const id = asks.kind === 'invitation' ? asks.handshakeId : asks.recordId;
  const ttl = Math.ceil((wallNowMs + KEPT_MS) / 1000);
  return create(mailRow.row(mailKey(id), { id, to, asks, atMs, ttl }), neverRefused);
}

/** The mail of a row; throws when the row is malformed. */
export function mailOf(row: Readonly<Record<string, unknown>>): OutboxMail {
  return mailRow.read(row);
}

/** Whether nothing has become of a mail yet, as the table says now. A mail that was forgotten meanwhile is not to be sent. */
export async function isUnsent(table: Table, id: string): Promise<boolean> {
  const row = await table.get(mailKey(id));
  if (row === undefined) return false;
  const { refusedAtMs, sentAtMs } = mailOf(row);
  return sentAtMs === undefined && refusedAtMs === undefined;
}

/** Notes that a mail was sent; of one that is noted already, nothing changes. */
export function markSent(table: Table, id: string, sentAtMs: number): Promise<void> {
  return mark(table, id, { sentAtMs });
}

/** Notes that a mail was refused for good, and why. */
export function markRefused(table: Table, id: string, refusedAtMs: number, refusal: string): Promise<void> {
  return mark(table, id, { refusedAtMs, refusal });
}

async function mark(table: Table, id: string, set: Readonly<Record<string, unknown>>): Promise<void> {
  const isSettled = new Error('the mail is settled already');
  const unsettled = { text: 'attribute_not_exists(#sentAtMs) AND attribute_not_exists(#refusedAtMs)' };
  try {
    await commit(table, [update(mailKey(id), { set }, [present, unsettled], () => isSettled)]);
  } catch (error) {
    if (error !== isSettled) throw error;
  }
}
