import { type Phase, phaseOf, type RelationStatus } from '#lib/domain/relation/relation.ts';
import type { Key } from '#lib/table/table.ts';

const DUE_SHARDS = 16;

/** Ids have at most 16 digits; padded, their text order is their numeric and so their time order. */
function padded(id: number): string {
  return String(id).padStart(16, '0');
}

const phasePrefix = { inEffect: 'a', offered: 'b', past: 'c' } as const satisfies Record<Phase, string>;

export const accountKey = (uid: number): Key => ({ pk: `ACCOUNT#${uid}`, sk: 'ACCOUNT' });
/** A child's slot: the relation that binds it, or did last. It keeps the child to one relation in effect. */
export const slotKey = (childUid: number): Key => ({ pk: `ACCOUNT#${childUid}`, sk: 'PARENT' });
/** The latest relation of a pair, in effect or not. */
export const pairKey = (parentUid: number, childUid: number): Key => ({
  pk: `ACCOUNT#${childUid}`,
  sk: `PAIR#${parentUid}`,
});
/** Balance, arrears and orders of an account. */
export const standingKey = (uid: number): Key => ({ pk: `ACCOUNT#${uid}`, sk: 'STANDING' });
/** Whom a parent calls by an alias. */
export const aliasKey = (parentUid: number, alias: string): Key => ({
  pk: `ACCOUNT#${parentUid}`,
  sk: `ALIAS#${alias}`,
});
/** How many relations an account has opened as parent, and how many trusteeships it holds. */
export const tallyKey = (parentUid: number): Key => ({ pk: `ACCOUNT#${parentUid}`, sk: 'TALLY' });
export const accessKeyKey = (keyId: string): Key => ({ pk: `KEY#${keyId}`, sk: 'KEY' });
/** How many keys of an account's root user are active. */
export const rootKeysKey = (uid: number): Key => ({ pk: `ACCOUNT#${uid}`, sk: 'ROOTKEYS' });
export const emailKey = (email: string): Key => ({ pk: `EMAIL#${email.toLowerCase()}`, sk: 'EMAIL' });
export const relationKey = (id: number): Key => ({ pk: `RELATION#${id}`, sk: 'RELATION' });
export const relationIdOf = ({ pk }: Key): number => Number(pk.slice('RELATION#'.length));
/**
 * The events of a relation stand with it. Those of any other subject stand apart from its rows, which would be read among them; and a
 * function that may write an event need not be allowed to write such a row.
 */
export const eventKey = (subject: string, id: number | string, eventId: string): Key => ({
  pk: `${subject === 'relation' ? '' : 'EVENTS#'}${subject.toUpperCase()}#${id}`,
  sk: `EVENT#${eventId}`,
});
/** The answer to a call that may be repeated, by whose token or signature it was. */
export const answerKey = (id: string): Key => ({ pk: `TOKEN#${id}`, sk: 'TOKEN' });
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

/** `gsi1`: the members of a directory, `gsi2`: those of a folder; both in the order in which they joined. */
export const membersOf = (managementUid: number): string => `MEMBERS#${managementUid}`;
export const membersIn = (folderId: string): string => `MEMBERSIN#${folderId}`;
export const memberRank = (joinedAtMs: number, uid: number): string => `${padded(joinedAtMs)}#${padded(uid)}`;

/** `gsi1`: what an owner has; `gsi2`: what a counterparty has; both in order of phase, then of id. */
export const asParent = (uid: number): string => `PARENT#${uid}`;
export const asChild = (uid: number): string => `CHILD#${uid}`;
export const inRegistry = (): string => 'ACCOUNTS';
export const accountRank = padded;
const relationRank = (status: RelationStatus, id: number): string => phaseRank(phaseOf(status)) + padded(id);
/** The index positions that follow from a relation's status. */
export function ranks(status: RelationStatus, id: number): { gsi1sk: string; gsi2sk: string } {
  const rank = relationRank(status, id);
  return { gsi1sk: rank, gsi2sk: rank };
}
/** The id in the position of a relation in its parent's index. */
export const idInRank = (key: Key): number => Number(('gsi1sk' in key ? String(key.gsi1sk) : '').replace(/^\w#/, ''));
/** Behind all phases: what its owner has cleared from its lists. */
export const clearedRank = (id: number): string => `x#${padded(id)}`;
export const phaseRank = (phase: Phase): string => `${phasePrefix[phase]}#`;

/** Where the events of an account are filed: those it owns, and those it is the counterparty of. */
export const eventsOfOwner = (index: 'gsi1' | 'gsi2', uid: number): string =>
  `EVENTS#${index === 'gsi1' ? 'PARENT' : 'CHILD'}#${uid}`;

/** `due`: the hash of what waits for a deadline; its range is the deadline itself. */
export const dueShards = (): string[] => Array.from({ length: DUE_SHARDS }, (_, shard) => `DUE#${shard}`);
export const dueShard = (id: number | string): string =>
  `DUE#${(typeof id === 'number' ? id : sumOf(id)) % DUE_SHARDS}`;

function sumOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0);
}
