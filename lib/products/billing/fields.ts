import * as v from 'valibot';
import { integer, joined, text, uid } from '#lib/dialects/fields.ts';
import { type Permission, permissionSet } from '#lib/domain/relation/permissions.ts';
import { relationStatuses } from '#lib/domain/relation/relation.ts';
import {
  handlings,
  idOf,
  idTexts,
  invitationTypes,
  permissionsByPoint,
  policiesByNumber,
  statusesByNumber,
} from '#lib/products/billing/vocabulary.ts';

export const subAccountId = v.pipe(uid, v.description('The uid of the sub account, the child.'));

export const majorAccountId = v.pipe(uid, v.description('The uid of the main account, the parent.'));

export const relationId = v.pipe(id(idTexts.relation), v.description('The relation: rel and digits.'));

export const authId = v.pipe(id(idTexts.auth), v.description('The authorization: auth and digits.'));

export const relation = v.pipe(
  numberOf(policiesByNumber),
  v.description('1: the main account pays (trusteeship). 4: the sub account pays for itself (management).'),
);

export const alias = v.pipe(text(64), v.description("The main account's name for the sub account."));

/** Authorization points as comma-joined text; empty or absent means none (docs/vendors/volcengine-billing.md 1.3). */
export const authListStr = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  v.regex(/^[1-5](?:,[1-5]){0,4}$/),
  v.transform((points) => permissionSet(points.split(',').flatMap((point) => permissionsByPoint[point] ?? []))),
  v.description('Authorization points 1 to 5, comma separated.'),
);

export const invitationType = v.pipe(
  numberOf(invitationTypes),
  v.description('1: a new relation. 2: a change of authorization points.'),
);

export const handling = v.pipe(numberOf(handlings), v.description('2: accept. 3: reject.'));

/**
 * Filters: lists of texts or numbers. An empty list restricts nothing (docs/vendors/volcengine-billing.md 3 and 5.2).
 */
export const accountIds = v.pipe(listOf(uid), v.maxLength(100), v.description('Only relations with these accounts.'));

export const relations = v.pipe(listOf(numberOf(policiesByNumber)), v.description('Only relations of these types.'));

export const statuses = v.pipe(
  listOf(numberOf(statusesByNumber)),
  v.transform((wanted) => (wanted.length === 0 ? relationStatuses : wanted.flat())),
  v.description('Only relations in these statuses: 100, 200, 250, 300, 400, 500.'),
);

/**
 * A list. In a query, a list of one member looks like the member itself, and the vendor's Python client joins members
 * with commas. Empty members are dropped.
 */
function listOf<Member extends v.GenericSchema>(member: Member): v.ArraySchema<Member, undefined> {
  const list = v.array(member);
  return {
    ...list,
    '~run'({ value, ...dataset }, config) {
      const members = Array.isArray(value) ? value.filter((one) => one !== '') : membersIn(value);
      return list['~run']({ ...dataset, value: members }, config);
    },
  };
}

function membersIn(value: unknown): unknown {
  if (typeof value === 'string') return joined(value).filter((member) => member !== '');
  return typeof value === 'number' ? [value] : value;
}

function id(form: RegExp) {
  return v.pipe(
    v.string(),
    v.regex(form),
    v.transform((sent) => idOf(sent)),
  );
}

/** One of a table's numbers, sent as number or text; decoded to what it stands for. The documents read its values from the metadata. */
function numberOf<Meaning>(table: Readonly<Record<number, Meaning>>) {
  return v.pipe(
    integer(0),
    v.check((number) => Object.hasOwn(table, number)),
    v.metadata({ values: Object.keys(table).map(Number) }),
    v.transform((number) => meaningOf(table, number)),
  );
}

function meaningOf<Meaning>(table: Readonly<Record<number, Meaning>>, number: number): Meaning {
  const meaning = table[number];
  if (meaning === undefined) throw new Error(`${number} was checked to be in the table`);
  return meaning;
}

/** The permissions with exactly these authorization points. Permissions without a point stay as they are. */
export function withPoints(current: readonly Permission[], points: readonly Permission[]): Permission[] {
  const ofPoints = new Set(Object.values(permissionsByPoint));
  return permissionSet([...current.filter((permission) => !ofPoints.has(permission)), ...points]);
}
