import { type Phase, type Policy, phaseOf, type RelationStatus } from '#lib/domain/relation/relation.ts';
import type { Key } from '#lib/table/table.ts';

const DUE_SHARDS = 16;

/** Ids have at most 16 digits. Padded, they sort as text in the order of their numbers, and so of time. */
function padded(id: number): string {
  return String(id).padStart(16, '0');
}

/**
 * Where the relations of a parent stand in its index: by status, trusteeships apart, in the order of life. Expired ones stand with the
 * withdrawn, as which both vendors show them.
 */
export const places = [
  'inviting',
  'changing',
  'trusteeships',
  'active',
  'declined',
  'withdrawn',
  'endedTrusteeships',
  'ended',
] as const satisfies readonly (RelationStatus | 'trusteeships' | 'endedTrusteeships')[];

export type Place = (typeof places)[number];

const phasePrefix = { inEffect: 'a', offered: 'b', past: 'c' } as const satisfies Record<Phase, string>;

/** The phase under which relations of each phase stand in a child's index: one that is accepted stays where it was offered. */
export const standsWith = { offered: 'offered', inEffect: 'offered', past: 'past' } as const satisfies Record<
  Phase,
  Phase
>;

export const accountKey = (uid: number): Key => ({ pk: `ACCOUNT#${uid}`, sk: 'ACCOUNT' });
/** A child's slot: the relation in effect, or the last one. It keeps a child to one relation in effect at a time. */
export const slotKey = (childUid: number): Key => ({ pk: `ACCOUNT#${childUid}`, sk: 'PARENT' });
/** The latest relation of a pair, in effect or not. */
export const pairKey = (parentUid: number, childUid: number): Key => ({
  pk: `ACCOUNT#${childUid}`,
  sk: `PAIR#${parentUid}`,
});
/** Balance, arrears and orders of an account. */
export const standingKey = (uid: number): Key => ({ pk: `ACCOUNT#${uid}`, sk: 'STANDING' });
/** The relation to which a parent has given an alias. */
export const aliasKey = (parentUid: number, alias: string): Key => ({
  pk: `ACCOUNT#${parentUid}`,
  sk: `ALIAS#${alias}`,
});
/** Counts of the relations an account has as parent. */
export const tallyKey = (parentUid: number): Key => ({ pk: `ACCOUNT#${parentUid}`, sk: 'TALLY' });
export const accessKeyKey = (keyId: string): Key => ({ pk: `KEY#${keyId}`, sk: 'KEY' });
/** The keys of an account, each under its id. They stand apart, so that they can be listed as they are at one moment. */
export const keysOf = (uid: number): string => `KEYSOF#${uid}`;
export const ownKeyKey = (uid: number, keyId: string): Key => ({ pk: keysOf(uid), sk: `KEY#${keyId}` });
/** How many keys of an account's root user are active. */
export const rootKeysKey = (uid: number): Key => ({ pk: `ACCOUNT#${uid}`, sk: 'ROOTKEYS' });
export const emailKey = (email: string): Key => ({ pk: `EMAIL#${email.toLowerCase()}`, sk: 'EMAIL' });
export const relationKey = (id: number): Key => ({ pk: `RELATION#${id}`, sk: 'RELATION' });
/** Says that a relation is in its parent's lists, whatever becomes of it. */
export const listingKey = (relationId: number): Key => ({ pk: `RELATION#${relationId}`, sk: 'LISTING' });
export const relationIdOf = ({ pk }: Key): number => Number(pk.slice('RELATION#'.length));
/**
 * Events of a relation are in its partition. Events of other subjects have a partition of their own, so that a function
 * may be allowed to write them without being allowed to write the subject's rows.
 */
export const eventKey = (subject: string, id: number | string, eventId: string): Key => ({
  pk: `${subject === 'relation' ? '' : 'EVENTS#'}${subject.toUpperCase()}#${id}`,
  sk: `EVENT#${eventId}`,
});
/** The kept answer to a call, by its idempotency key. */
export const answerKey = (id: string): Key => ({ pk: `TOKEN#${id}`, sk: 'TOKEN' });
/** A mail of the outbox. */
export const mailKey = (id: string): Key => ({ pk: `MAIL#${id}`, sk: 'MAIL' });
export const nonceKey = (keyId: string, nonce: string): Key => ({ pk: `NONCE#${keyId}#${nonce}`, sk: 'NONCE' });

/** A directory stands with its management account, by which its callers are known. */
export const directoryKey = (managementUid: number): Key => ({ pk: `ACCOUNT#${managementUid}`, sk: 'DIRECTORY' });
/** Which account manages the directory of an id. */
export const directoryIdKey = (directoryId: string): Key => ({ pk: `DIRECTORY#${directoryId}`, sk: 'DIRECTORY' });
/** How many members of a directory one of its shards counts. They stand right behind the directory, to be read with it. */
export const seatsKey = (managementUid: number, shard: number): Key => ({
  pk: `ACCOUNT#${managementUid}`,
  sk: `DIRECTORY#SEATS#${shard}`,
});
/** How many members a folder has, as one of its shards counts. */
export const occupancyKey = (folderId: string, shard: number): Key => ({
  pk: `FOLDER#${folderId}`,
  sk: `SEATS#${shard}`,
});
/** Says how far the landing zone of a directory is. */
export const factoryKey = (managementUid: number): Key => ({ pk: `ACCOUNT#${managementUid}`, sk: 'FACTORY' });
/**
 * The system baseline of a directory, which comes first in the list of all. They stand apart from the account: who may delete a baseline
 * need not be allowed to delete that.
 */
export const systemBaselineKey = (managementUid: number): Key => ({ pk: `BASELINES#${managementUid}`, sk: 'SYSTEM' });
/** The other baselines. Their ids sort in the order in which they were made. */
export const baselineKey = (managementUid: number, id: string): Key => ({
  pk: `BASELINES#${managementUid}`,
  sk: `BASELINE#${id}`,
});
/** How many accounts are enrolled under a baseline, as one of its shards counts. */
export const usageKey = (baselineId: string, shard: number): Key => ({
  pk: `BASELINE#${baselineId}`,
  sk: `SEATS#${shard}`,
});
export const memberKey = (uid: number): Key => ({ pk: `ACCOUNT#${uid}`, sk: 'MEMBER' });
export const memberUidOf = ({ pk }: Key): number => Number(pk.slice('ACCOUNT#'.length));
/**
 * Which member of a directory bears a display name. It stands apart from the accounts: who may delete a name need not be allowed to delete
 * those, and a large directory has many.
 */
export const memberNameKey = (managementUid: number, displayName: string): Key => ({
  pk: `MEMBERNAME#${managementUid}#${displayName}`,
  sk: 'MEMBERNAME',
});

/** The latest check of whether a member can be deleted, and the latest deletion of it. */
export const deletionCheckKey = (uid: number): Key => ({ pk: `DELETION#${uid}`, sk: 'DELETIONCHECK' });
export const deletionKey = (uid: number): Key => ({ pk: `DELETION#${uid}`, sk: 'DELETION' });
export const deletionUidOf = ({ pk }: Key): number => Number(pk.slice('DELETION#'.length));
/** Says that the next step is to be taken of the one or the other. */
export const deletionStepKey = (uid: number, id: string): Key => ({ pk: `DELETION#${uid}`, sk: `STEP#${id}` });

/** The latest enrolment of an account, what it applies, and what each item has left on the account. They are read together. */
export const enrolmentKey = (uid: number): Key => ({ pk: `ENROLMENT#${uid}`, sk: 'ENROLMENT' });
export const enrolmentUidOf = ({ pk }: Key): number => Number(pk.slice('ENROLMENT#'.length));
export const enrolmentPlanKey = (uid: number): Key => ({ pk: `ENROLMENT#${uid}`, sk: 'PLAN' });
export const configurationKey = (uid: number, item: string): Key => ({
  pk: `ENROLMENT#${uid}`,
  sk: `CONFIGURATION#${item}`,
});
/** Says that the next step of some enrolments is to be taken. */
export const enrolmentStepKey = (uid: number, id: string): Key => ({ pk: `ENROLMENTSTEP#${uid}`, sk: `STEP#${id}` });
/** Which account has a name that an item lets no other have, such as its default domain. */
export const claimKey = (item: string, name: string): Key => ({ pk: `CLAIM#${item}#${name}`, sk: 'CLAIM' });
/** `gsi1`: the enrolled accounts of a directory, in the order in which they were enrolled first. */
export const enrolmentsOf = (managementUid: number): string => `ENROLMENTS#${managementUid}`;
export const enrolmentRank = (createdAtMs: number, uid: number): string => `${padded(createdAtMs)}#${padded(uid)}`;

/** An attempt at what the owner of an e-mail address has to confirm. */
export const recordKey = (id: string): Key => ({ pk: `RECORD#${id}`, sk: 'RECORD' });
export const recordIdOf = ({ pk }: Key): string => pk.slice('RECORD#'.length);

/** An invitation to a directory. */
export const handshakeKey = (id: string): Key => ({ pk: `HANDSHAKE#${id}`, sk: 'HANDSHAKE' });
export const handshakeIdOf = ({ pk }: Key): string => pk.slice('HANDSHAKE#'.length);
/** The invitations of an account that count against its quotas. */
export const sentInvitationsKey = (managementUid: number): Key => ({
  pk: `ACCOUNT#${managementUid}`,
  sk: 'INVITATIONS',
});
/** `gsi1`: the invitations of a directory, `gsi2`: those to an account, by its uid or its address; both in the order in which they were sent. */
export const handshakesOf = (directoryId: string): string => `HANDSHAKESOF#${directoryId}`;
export const handshakesTo = (invitee: string): string => `HANDSHAKESTO#${invitee}`;
export const handshakeRank = (createdAtMs: number, id: string): string => `${padded(createdAtMs)}#${id}`;

/** `gsi1`: the members of a directory, `gsi2`: those of a folder; both in the order in which they joined. */
export const membersOf = (managementUid: number): string => `MEMBERS#${managementUid}`;
export const membersIn = (folderId: string): string => `MEMBERSIN#${folderId}`;
export const memberRank = (joinedAtMs: number, uid: number): string => `${padded(joinedAtMs)}#${padded(uid)}`;

/** `gsi1` lists by owner, in order of place; `gsi2` by counterparty, in order of phase; each then of id. */
export const asParent = (uid: number): string => `PARENT#${uid}`;
export const asChild = (uid: number): string => `CHILD#${uid}`;
export const inRegistry = (): string => 'ACCOUNTS';
export const accountRank = padded;

/** The place of a relation of this status and policy. */
export function placeOf(status: RelationStatus, policy: Policy): Place {
  if (status === 'expired') return 'withdrawn';
  if (policy === 'management') return status;
  return status === 'active' ? 'trusteeships' : status === 'ended' ? 'endedTrusteeships' : status;
}

/** From the first of some places, in their order, to the last, those between included. */
export function spanOf(some: readonly Place[]): readonly Place[] {
  const [first = 'ended', last = first] = [some[0], some.at(-1)];
  return places.slice(places.indexOf(first), places.indexOf(last) + 1);
}

/** The phase that relations in a place are in. */
export function phaseOfPlace(place: Place): Phase {
  return place === 'trusteeships' ? 'inEffect' : place === 'endedTrusteeships' ? 'past' : phaseOf(place);
}

/** The index positions that follow from a relation's status and policy. */
export function ranks(status: RelationStatus, id: number, policy: Policy): { gsi1sk: string; gsi2sk: string } {
  return { gsi1sk: placeRank(placeOf(status, policy), id), gsi2sk: phaseRank(standsWith[phaseOf(status)], id) };
}

/** Those of a relation that has moved to a status and is not counted anew yet. */
export function ranksUnsettled(status: RelationStatus, id: number): { gsi1sk: string; gsi2sk: string } {
  return { gsi1sk: unsettledRank(id), gsi2sk: phaseRank(standsWith[phaseOf(status)], id) };
}

/** Before all positions in a place, or that of an id in it. Positions of before there were places are phases, which come behind. */
export const placeRank = (place: Place, id?: number): string => `${places.indexOf(place) + 1}#${inRank(id)}`;
/** Before all relations that have moved and are not counted anew yet, or the position of one of them. */
export const unsettledRank = (id?: number): string => `0u#${inRank(id)}`;
/** Before all positions in a phase, or that of an id in it. */
export const phaseRank = (phase: Phase, id?: number): string => `${phasePrefix[phase]}#${inRank(id)}`;
/** Before all that a parent lists, in order of ids whatever their places; or the position of an id among them. */
export const listingRank = (id?: number): string => `0#${inRank(id)}`;
/** Behind all positions that begin so. */
export const behind = (rank: string): string => `${rank}~`;
/** The id in the position of a relation in its parent's index. */
export const idInRank = (key: Key): number => Number(('gsi1sk' in key ? String(key.gsi1sk) : '').replace(/^\w+#/, ''));
/** The position of a relation that its owner has cleared from its lists: after all phases. */
export const clearedRank = (id: number): string => `x#${padded(id)}`;
/** The tally of an account that has much to list: right before what is not counted yet, and behind the listings. */
export const tallyRank = (): string => '0t';

function inRank(id: number | undefined): string {
  return id === undefined ? '' : padded(id);
}

/** The events of an account: in `gsi1` those it owns, in `gsi2` those whose counterparty it is. */
export const eventsOfOwner = (index: 'gsi1' | 'gsi2', uid: number): string =>
  `EVENTS#${index === 'gsi1' ? 'PARENT' : 'CHILD'}#${uid}`;

/** The hash keys of the index `due`; its range key is the deadline. */
export const dueShards = (): string[] => Array.from({ length: DUE_SHARDS }, (_, shard) => `DUE#${shard}`);
export const dueShard = (id: number | string): string =>
  `DUE#${(typeof id === 'number' ? id : sumOf(id)) % DUE_SHARDS}`;

function sumOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0);
}
