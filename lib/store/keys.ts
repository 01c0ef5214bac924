import { type Phase, phaseOf, type RelationStatus } from '#lib/domain/relation/relation.ts';
import type { Key } from '#lib/table/table.ts';

const DUE_SHARDS = 16;

/** Ids have at most 16 digits. Padded, they sort as text in the order of their numbers, and so of time. */
function padded(id: number): string {
  return String(id).padStart(16, '0');
}

const phasePrefix = { inEffect: 'a', offered: 'b', past: 'c' } as const satisfies Record<Phase, string>;

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
/** How many keys of an account's root user are active. */
export const rootKeysKey = (uid: number): Key => ({ pk: `ACCOUNT#${uid}`, sk: 'ROOTKEYS' });
export const emailKey = (email: string): Key => ({ pk: `EMAIL#${email.toLowerCase()}`, sk: 'EMAIL' });
export const relationKey = (id: number): Key => ({ pk: `RELATION#${id}`, sk: 'RELATION' });
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

/** An attempt at what the owner of an e-mail address has to confirm. */
export const recordKey = (id: string): Key => ({ pk: `RECORD#${id}`, sk: 'RECORD' });
export const recordIdOf = ({ pk }: Key): string => pk.slice('RECORD#'.length);

/** `gsi1`: the members of a directory, `gsi2`: those of a folder; both in the order in which they joined. */
export const membersOf = (managementUid: number): string => `MEMBERS#${managementUid}`;
export const membersIn = (folderId: string): string => `MEMBERSIN#${folderId}`;
export const memberRank = (joinedAtMs: number, uid: number): string => `${padded(joinedAtMs)}#${padded(uid)}`;

/** `gsi1` lists by owner, `gsi2` by counterparty; relations in order of phase, then of id. */
export const asParent = (uid: number): string => `PARENT#${uid}`;
export const asChild = (uid: number): string => `CHILD#${uid}`;
export const inRegistry = (): string => 'ACCOUNTS';
export const accountRank = padded;
const relationRank = (status: RelationStatus, id: number): string => phaseRank(phaseOf(status)) + padded(id);
/** The index positions of a relation, which depend on its status. */
export function ranks(status: RelationStatus, id: number): { gsi1sk: string; gsi2sk: string } {
  const rank = relationRank(status, id);
  return { gsi1sk: rank, gsi2sk: rank };
}
/** The id of a relation, read from its position in its parent's index. */
export const idInRank = (key: Key): number => Number(('gsi1sk' in key ? String(key.gsi1sk) : '').replace(/^\w#/, ''));
/** The position of a relation that its owner has cleared from its lists: after all phases. */
export const clearedRank = (id: number): string => `x#${padded(id)}`;
export const phaseRank = (phase: Phase): string => `${phasePrefix[phase]}#`;

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
