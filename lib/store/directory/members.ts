import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import {
  accountTypes,
  folderIdOf,
  isInDirectory,
  joinMethods,
  type Member,
  type MemberEvent,
  type MemberGuard,
  type MemberStatus,
  memberMachine,
  memberOutcomes,
  memberRules,
  memberStatuses,
} from '#lib/domain/directory/member.ts';
import type { Aggregate, Kind } from '#lib/store/aggregate.ts';
import { claimName } from '#lib/store/directory/memberNames.ts';
import { memberKey, memberRank, membersIn, membersOf, memberUidOf } from '#lib/store/keys.ts';
import { eventRecord, type Owners } from '#lib/store/ledger.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, equal, type Fragment } from '#lib/table/expressions.ts';
import { absent, check, put } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row } from '#lib/table/table.ts';

export const memberRow = rowKind({
  type: 'member',
  shape: v.object({
    uid: v.number(),
    version: v.number(),
    managementUid: v.number(),
    directoryId: v.string(),
    status: v.picklist(memberStatuses),
    accountType: v.picklist(accountTypes),
    joinMethod: v.picklist(joinMethods),
    outcome: v.picklist(memberOutcomes),
    displayName: v.string(),
    folderPath: v.array(v.string()),
    seat: v.number(),
    tags: v.optional(v.record(v.string(), v.string()), {}),
    promotion: v.optional(v.object({ recordId: v.string(), deadlineMs: v.number() })),
    joinedAtMs: v.number(),
    updatedAtMs: v.number(),
  }),
  // No member of the first schema was ever deleted.
  upgrades: [(row) => row],
});

export interface MemberKind extends Kind {
  readonly id: number;
  readonly status: MemberStatus;
  readonly event: MemberEvent;
  readonly party: 'management';
  readonly guard: MemberGuard;
  readonly effect: never;
  readonly state: Member;
  readonly said: object;
}

/** The member aggregate, by the uid of its account. */
export const memberAggregate: Aggregate<MemberKind> = {
  machine: memberMachine,
  rules: memberRules,
  subject: 'member',
  sortKey: 'MEMBER',
  key: memberKey,
  idOf: memberUidOf,
  read: memberOf,
  effects: {},
  // Whoever has left, or was deleted, is in no list.
  placed: (status) => (isInDirectory({ status }) ? {} : { remove: ['gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk'] }),
};

/** Holds, of the row of an account as a member or of no row, if the account has a root user to sign as, which a resource account has not. */
export const hasRootUser: Fragment = anyOf([
  absent,
  ...equal({ status: 'left' }, 'past'),
  ...equal({ accountType: 'cloud' }, 'own'),
]);

/** That no promotion of a member waits for its confirmation. */
export function awaitsNothing({ now }: Call): Fragment {
  return anyOf([
    { text: 'attribute_not_exists(#promotion)' },
    { text: '#promotion.#deadlineMs <= :nowMs', values: { ':nowMs': now } },
  ]);
}

/** That an account manages a directory, or is a member of it, still. */
export function remainsOf(managementUid: number, uid: number): Write {
  if (uid === managementUid) return [];
  return [check(memberKey(uid), equal({ status: 'joined', managementUid }, 'read'), () => new Stale())];
}

/** The member of a row; throws when the row is malformed. */
export function memberOf({ v: version, ...row }: Row): Member {
  return memberRow.read({ ...row, version });
}

/** The row of a member that joins. */
export function rowOf({ version, promotion: _, ...member }: Member): Row {
  const { joinedAtMs, managementUid, uid } = member;
  const rank = memberRank(joinedAtMs, uid);
  return memberRow.row(memberKey(uid), {
    v: version,
    ...member,
    gsi1pk: membersOf(managementUid),
    gsi1sk: rank,
    gsi2pk: membersIn(folderIdOf(member)),
    gsi2sk: rank,
    ...soughtAs(member.displayName),
  });
}

/** What a display name is found by, in whatever case it is asked for. */
export function soughtAs(displayName: string) {
  return { soughtAs: displayName.toLowerCase() };
}

/**
 * Makes an account a member, which it must be of no directory; else refused as given. With its record, and the name it bears; refused with
 * `DisplayNameTaken` if another bears that, unless something else is given.
 */
export function join(
  member: Member,
  event: 'create' | 'found' | 'accept',
  call: Call,
  refused: () => Error,
  nameTaken?: () => Error,
): Write {
  const { displayName, managementUid, uid } = member;
  const { from, to } = memberMachine.transitions[event];
  const owners: Owners = [managementUid, uid];
  const name = claimName(managementUid, displayName, String(uid), call);
  return [
    { ...name, refused: nameTaken ?? name.refused },
    put(rowOf(member), [anyOf([absent, ...equal({ status: 'left' }, 'past')])], refused),
    eventRecord({ subject: 'member', id: uid, owners, event, from, to, facts: { displayName } }, call),
  ];
}

/** The accounts under which the events of a member are filed, and of what is kept of it: an enrolment, a deletion, an account record. */
export function ownersOf({ managementUid, uid }: Pick<Member, 'managementUid' | 'uid'>): Owners {
  return [managementUid, uid];
}
