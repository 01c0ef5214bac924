import type { Member } from '#lib/domain/directory/member.ts';
import type { Enrolee } from '#lib/domain/governance/asked.ts';
import type { Baseline } from '#lib/domain/governance/baseline.ts';
import type { EnrolmentPlan } from '#lib/domain/governance/effective.ts';
import { type Enrolment, enrolmentAt } from '#lib/domain/governance/enrolment.ts';
import { refuseUnready } from '#lib/domain/governance/factory.ts';
import { Refusal } from '#lib/errors.ts';
import { findMemberIn, type MemberProspect, memberIn, memberProspect } from '#lib/store/directory/directories.ts';
import { trusteeshipIn } from '#lib/store/directory/payers.ts';
import { baselineAmong, type OwnBaseline } from '#lib/store/governance/baselines.ts';
import { callerKeys, directoryOfCaller } from '#lib/store/governance/callers.ts';
import { enrolmentOf, planOf } from '#lib/store/governance/enrolments.ts';
import { factoryStatusIn } from '#lib/store/governance/factories.ts';
import {
  baselineKey,
  enrolmentKey,
  enrolmentPlanKey,
  factoryKey,
  memberKey,
  slotKey,
  systemBaselineKey,
} from '#lib/store/keys.ts';
import { slotOf } from '#lib/store/relations/slots.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** The rows that enrolling reads whichever account it is for. The custom baseline, if one is named, comes last. */
function groundKeys(managementUid: number, baselineId: string | undefined): Key[] {
  const custom = baselineId === undefined ? [] : [baselineKey(managementUid, baselineId)];
  return [...callerKeys(managementUid), factoryKey(managementUid), systemBaselineKey(managementUid), ...custom];
}

/** Throws `AccountUnverified`, `DirectoryUnknown`, and what stands against every enrolment as {@link refuseUnready} does. */
function groundIn(
  [account, own, factory, system, custom]: readonly (Row | undefined)[],
  baselineId: string | undefined,
) {
  const directory = directoryOfCaller(account, own);
  refuseUnready(factoryStatusIn(directory, factory));
  return { directory, baseline: () => baselineAmong(directory, baselineId, { system, custom }) };
}

/**
 * Some members, with all that has to be known before they are enrolled; in one round trip. Throws as {@link groundIn}, then
 * `ParameterInvalid` for the management account itself, `MemberUnknown` and `BaselineUnknown`.
 */
export async function readEnrolees(
  table: Table,
  managementUid: number,
  baselineId: string | undefined,
  uids: readonly number[],
): Promise<OwnBaseline & { readonly enrolees: readonly Enrolee[] }> {
  const ground = groundKeys(managementUid, baselineId);
  const own = uids.flatMap((uid) => [memberKey(uid), enrolmentKey(uid), enrolmentPlanKey(uid)]);
  const rows = await table.getMany([...ground, ...own]);
  const { baseline, directory } = groundIn(rows.slice(0, ground.length), baselineId);
  const enrolees = uids.map((uid, index): Enrolee => {
    if (uid === managementUid) throw new Refusal('ParameterInvalid', { parameter: 'AccountUid', fault: 'value' });
    const [member, prior, plan] = rows.slice(ground.length + 3 * index);
    return {
      member: memberIn(managementUid, member),
      prior: prior && enrolmentOf(prior),
      priorPlan: plan && planOf(plan),
    };
  });
  return { directory, baseline: baseline(), enrolees };
}

/** The same of one member. */
export async function readEnrolee(
  table: Table,
  managementUid: number,
  baselineId: string | undefined,
  uid: number,
): Promise<OwnBaseline & { readonly enrolee: Enrolee }> {
  const { enrolees, ...ground } = await readEnrolees(table, managementUid, baselineId, [uid]);
  const [enrolee] = enrolees;
  if (enrolee === undefined) throw new Refusal('MemberUnknown', {});
  return { ...ground, enrolee };
}

/** What has to be known before an account is made and enrolled. */
interface EnrolmentProspect {
  /** Throws `PayerUnknown` and `PayerOutsideDirectory`. */
  readonly prospect: () => MemberProspect;
  /** Throws `BaselineUnknown`. */
  readonly baseline: () => Baseline;
}

/** The same of an account that is to be made; in one round trip. Throws as {@link groundIn}. */
export async function readProspect(
  table: Table,
  managementUid: number,
  baselineId: string | undefined,
  payerUid: number | undefined,
): Promise<EnrolmentProspect> {
  const ground = groundKeys(managementUid, baselineId);
  const { keys, read } = memberProspect(managementUid, payerUid);
  const rows = await table.getMany([...ground, ...keys]);
  const { baseline } = groundIn(rows.slice(0, ground.length), baselineId);
  return { prospect: () => read(rows.slice(ground.length)), baseline };
}

/** An enrolment as it is shown: with its member, and who pays for the member. */
export interface ShownEnrolment {
  readonly enrolment: Enrolment;
  readonly plan: EnrolmentPlan;
  readonly member: Member;
  /** Undefined if it pays for itself. */
  readonly payerUid: number | undefined;
}

/**
 * The enrolment of an account as it stands at `nowMs`, by its management account. An account that was never in a relation takes one round
 * trip. Throws `AccountUnverified`, `DirectoryUnknown`, and `BlueprintUnknown` unless the account is a member that is enrolled.
 */
export async function getEnrolment(
  table: Table,
  managementUid: number,
  uid: number,
  nowMs: number,
): Promise<ShownEnrolment> {
  const own = [enrolmentKey, enrolmentPlanKey, memberKey, slotKey].map((key) => key(uid));
  const [account, directory, row, plan, found, slot] = await table.getMany([...callerKeys(managementUid), ...own]);
  directoryOfCaller(account, directory);
  const enrolment = row && enrolmentOf(row);
  const member = findMemberIn(managementUid, found);
  if (enrolment?.managementUid !== managementUid || plan === undefined || member === undefined) {
    throw new Refusal('BlueprintUnknown', {});
  }
  const relation = await trusteeshipIn(table, slotOf(slot), nowMs);
  return {
    enrolment: enrolmentAt(enrolment, nowMs),
    plan: planOf(plan),
    member,
    payerUid: relation?.parentUid,
  };
}
