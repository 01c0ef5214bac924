import type { Standing } from '#lib/domain/account.ts';
import { isPromoting, type Member } from '#lib/domain/directory/member.ts';
import type { Relation } from '#lib/domain/relation/relation.ts';

export const findings = [
  'notResourceAccount',
  'pendingPromotion',
  'enrolment',
  'openOrders',
  'arrears',
  'parentOfRelations',
  'otherParent',
  'pendingChange',
  'payerOverdrawn',
  'creditSpent',
  'credit',
  'balance',
] as const;

/** Something that stands against the deletion of a member. */
export type Finding = (typeof findings)[number];

/** What has to be known of a member for that. Times are epoch ms. */
export interface Circumstances {
  readonly nowMs: number;
  readonly managementUid: number;
  /** Undefined if it is no longer a member. */
  readonly member: Member | undefined;
  /** Whether a baseline is being applied to it. */
  readonly isEnrolling: boolean;
  readonly standing: Standing;
  readonly managementStanding: Standing;
  /** The relation that binds it as a child, as it stands now. */
  readonly relation: Relation | undefined;
  /** How many relations it is the parent of that are in effect or offered. */
  readonly relationsAsParent: number;
}

interface Rule {
  isFound(circumstances: Circumstances): boolean;
  /** Whether the caller may have the account deleted all the same, and what it stands for is lost or given back. */
  readonly isAbandonable: boolean;
}

/** What may stand against a deletion (docs/decisions.md D61). */
const rules: Readonly<Record<Finding, Rule>> = {
  notResourceAccount: blocking(({ member }) => member?.accountType !== 'resource'),
  pendingPromotion: blocking(({ member, nowMs }) => member !== undefined && isPromoting(member, nowMs)),
  enrolment: blocking(({ isEnrolling }) => isEnrolling),
  openOrders: blocking(({ standing }) => standing.openOrders > 0),
  arrears: blocking(({ standing }) => standing.arrears > 0 || standing.availableBalance < 0),
  parentOfRelations: blocking(({ relationsAsParent }) => relationsAsParent !== 0),
  otherParent: blocking(
    ({ managementUid, relation }) => relation !== undefined && relation.parentUid !== managementUid,
  ),
  pendingChange: blocking(({ relation }) => relation?.status === 'changing'),
  payerOverdrawn: blocking(
    ({ managementStanding, relation }) => relation?.policy === 'trusteeship' && managementStanding.availableBalance < 0,
  ),
  creditSpent: blocking((found) => lentTo(found) > Math.max(0, found.standing.availableBalance)),
  credit: abandonable((found) => lentTo(found) > 0),
  balance: abandonable((found) => found.standing.availableBalance > lentTo(found)),
};

/** All that stands against the deletion of a member. */
export function findingsOf(circumstances: Circumstances): Finding[] {
  return findings.filter((finding) => rules[finding].isFound(circumstances));
}

/** Whether a finding may be abandoned, so that it does not stand against a deletion. */
export function isAbandonable(finding: Finding): boolean {
  return rules[finding].isAbandonable;
}

/** The findings that are left where some are abandoned. Those that cannot be abandoned are left whatever is said. */
export function leftOf(found: readonly Finding[], abandoned: readonly Finding[]): Finding[] {
  return found.filter((finding) => !isAbandonable(finding) || !abandoned.includes(finding));
}

function lentTo({ relation }: Circumstances): number {
  return relation?.lentCredit ?? 0;
}

function blocking(isFound: Rule['isFound']): Rule {
  return { isFound, isAbandonable: false };
}

function abandonable(isFound: Rule['isFound']): Rule {
  return { isFound, isAbandonable: true };
}
