import { type Phase, type Policy, phaseOf, type RelationStatus } from '#lib/domain/relation/relation.ts';
import type { Key } from '#lib/table/table.ts';

const DUE_SHARDS = 16;

/** Ids have at most 16 digits; padded, their text order is their numeric and so their time order. */
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
export const emailKey = (email: string): Key => ({ pk: `EMAIL#${email.toLowerCase()}`, sk: 'EMAIL' });
export const relationKey = (id: number): Key => ({ pk: `RELATION#${id}`, sk: 'RELATION' });
/** Says that a relation is in its parent's lists, whatever becomes of it. */
export const listingKey = (relationId: number): Key => ({ pk: `RELATION#${relationId}`, sk: 'LISTING' });
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

/** `gsi1`: what an owner has, in order of place; `gsi2`: what a counterparty has, in order of phase; then of id. */
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

/** The phase that relations in a place are in. */
export function phaseOfPlace(place: Place): Phase {
  return place === 'trusteeships' ? 'inEffect' : place === 'endedTrusteeships' ? 'past' : phaseOf(place);
}

/** The index positions that follow from a relation's status and policy. */
export function ranks(status: RelationStatus, id: number, policy: Policy): { gsi1sk: string; gsi2sk: string } {
  return { gsi1sk: placeRank(placeOf(status, policy), id), gsi2sk: phaseRank(phaseOf(status), id) };
}

/** Before all positions in a place, or that of an id in it. Positions of before there were places are phases, which come behind. */
export const placeRank = (place: Place, id?: number): string => `${places.indexOf(place) + 1}#${inRank(id)}`;
/** Before all positions in a phase, or that of an id in it. */
export const phaseRank = (phase: Phase, id?: number): string => `${phasePrefix[phase]}#${inRank(id)}`;
/** Before all that a parent lists, in order of ids whatever their places; or the position of an id among them. */
export const listingRank = (id?: number): string => `0#${inRank(id)}`;
/** Behind all positions that begin so. */
export const behind = (rank: string): string => `${rank}~`;
/** The id in the position of a relation in its parent's index. */
export const idInRank = (key: Key): number => Number(('gsi1sk' in key ? String(key.gsi1sk) : '').replace(/^\w#/, ''));
/** Behind all phases: what its owner has cleared from its lists. */
export const clearedRank = (id: number): string => `x#${padded(id)}`;
/** Before all phases: the tally of an account that has much to list. */
export const tallyRank = (): string => 'TALLY';

function inRank(id: number | undefined): string {
  return id === undefined ? '' : padded(id);
}

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
