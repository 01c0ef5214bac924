import * as v from 'valibot';
import type { Account } from '#lib/domain/account.ts';
import { ANSWER_MS, type Handshake, type HandshakeStatus, type Target } from '#lib/domain/directory/handshake.ts';
import { Refusal } from '#lib/errors.ts';
import { accountId, email } from '#lib/products/directory/fields.ts';
import { toTheSecond } from '#lib/products/directory/vocabulary.ts';

/** Older samples have ids of ten characters (docs/vendors/alibaba-resource-directory.md 10). */
export const handshakeId = v.pipe(
  v.string(),
  v.regex(/^h-(?:[0-9A-Za-z]{10}|[0-9A-Za-z]{16})$/),
  v.description('The id of an invitation.'),
);

const targetTypeNames = { account: 'Account', email: 'Email' } as const satisfies Record<Target['type'], string>;

export const targetType = v.pipe(
  v.picklist(Object.values(targetTypeNames)),
  v.transform((name): Target['type'] => (name === targetTypeNames.email ? 'email' : 'account')),
  v.description('What TargetEntity is: the id of an account, or an e-mail address.'),
);

export const targetEntity = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  v.maxLength(254),
  v.description('Who is invited: an account, or whoever has the address or comes to have it.'),
);

const MOST_CHARACTERS = 1024;

/** Lines may be broken. Other control characters no answer in XML could hold. */
export const note = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  v.maxLength(2 * MOST_CHARACTERS),
  v.maxGraphemes(MOST_CHARACTERS),
  v.regex(/^(?:[\t\n\r]|[^\p{Cc}\p{Surrogate}\uFFFE\uFFFF])*$/u),
  v.description('What the inviter has to say: up to 1024 characters.'),
);

/** The target that is named. Throws `ParameterInvalid` if it is not an id or an address, whichever the type says. */
export function targetOf(type: Target['type'], entity: string): Target {
  if (!v.is(type === 'account' ? accountId : email, entity)) {
    throw new Refusal('ParameterInvalid', { parameter: 'TargetEntity', fault: 'format' });
  }
  return { type, entity };
}

/** An invitation as every operation answers it (docs/vendors/alibaba-resource-directory.md 7.2). */
export const handshakeView = v.object({
  HandshakeId: v.string(),
  ResourceDirectoryId: v.string(),
  MasterAccountId: v.string(),
  MasterAccountName: v.string(),
  TargetEntity: v.string(),
  TargetType: v.string(),
  Note: v.string(),
  Status: v.string(),
  CreateTime: v.string(),
  ModifyTime: v.string(),
  ExpireTime: v.string(),
});

/** The same as it is read. Both names are for the invited account alone. */
export const fullHandshakeView = v.object({
  ...handshakeView.entries,
  MasterAccountRealName: v.optional(v.string()),
  InvitedAccountRealName: v.optional(v.string()),
});

/** A page of a list of invitations. The wrapper is there also when the list is empty. */
export const handshakePage = v.object({
  TotalCount: v.number(),
  PageNumber: v.number(),
  PageSize: v.number(),
  Handshakes: v.object({ Handshake: v.array(handshakeView) }),
});

const statusNames = {
  pending: 'Pending',
  accepted: 'Accepted',
  cancelled: 'Cancelled',
  declined: 'Declined',
  expired: 'Expired',
} as const satisfies Record<HandshakeStatus, string>;

/** An invitation, to be given as it stands now. */
export function handshakeViewOf(handshake: Handshake) {
  const { askedBy, createdAtMs, directoryId, id, managementUid, note, status, target, updatedAtMs } = handshake;
  return {
    HandshakeId: id,
    ResourceDirectoryId: directoryId,
    MasterAccountId: String(managementUid),
    MasterAccountName: askedBy,
    TargetEntity: target.entity,
    TargetType: targetTypeNames[target.type],
    Note: note,
    Status: statusNames[status],
    CreateTime: toTheSecond(createdAtMs),
    ModifyTime: toTheSecond(updatedAtMs),
    ExpireTime: toTheSecond(createdAtMs + ANSWER_MS),
  };
}

/** An invitation that a call has just moved. */
export function movedHandshakeViewOf(handshake: Handshake, status: HandshakeStatus, nowMs: number) {
  return handshakeViewOf({ ...handshake, status, updatedAtMs: nowMs });
}

/** An invitation with the verified names of both accounts, if its invitee reads it. */
export function fullHandshakeViewOf(handshake: Handshake, invitee: Account | undefined) {
  const names = invitee && {
    MasterAccountRealName: handshake.legalName,
    InvitedAccountRealName: invitee.legalName,
  };
  return { ...handshakeViewOf(handshake), ...names };
}
