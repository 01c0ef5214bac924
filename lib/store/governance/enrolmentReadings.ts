import type { Member } from '#lib/domain/directory/member.ts';
import type { Enrolee } from '#lib/domain/governance/asked.ts';
import type { Baseline } from '#lib/domain/governance/baseline.ts';
import { enrolmentAt } from '#lib/domain/governance/enrolment.ts';
import { refuseUnready } from '#lib/domain/governance/factory.ts';
import { Refusal } from '#lib/errors.ts';
import { findMemberIn, type MemberProspect, memberIn, memberProspect } from '#lib/store/directory/directories.ts';
import { getAlongPayer } from '#lib/store/directory/payers.ts';
import { baselineAmong, type OwnBaseline } from '#lib/store/governance/baselines.ts';
import { callerKeys, directoryOfCaller } from '#lib/store/governance/callers.ts';
import { type Planned, readPlanned } from '#lib/store/governance/enrolments.ts';
import { factoryStatusIn } from '#lib/store/governance/factories.ts';
import {
  baselineKey,
  enrolmentKey,
  enrolmentPlanKey,
  factoryKey,
  memberKey,
  systemBaselineKey,
} from '#lib/store/keys.ts';
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
  const partsOf = (rows: readonly (Row | undefined)[]) =>
    uids.map((_, index) => [rows[ground.length + 3 * index + 1], rows[ground.length + 3 * index + 2]] as const);
  const [rows, planned] = await readPlanned(() => table.getMany([...ground, ...own]), partsOf);
  const { baseline, directory } = groundIn(rows.slice(0, ground.length), baselineId);
  const enrolees = uids.map((uid, index): Enrolee => {
    if (uid === managementUid) throw new Refusal('ParameterInvalid', { parameter: 'AccountUid', fault: 'value' });
    const member = memberIn(managementUid, rows[ground.length + 3 * index]);
    return { member, prior: planned[index]?.enrolment, priorPlan: planned[index]?.plan };
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
export interface ShownEnrolment extends Planned {
  readonly member: Member;
  /** Undefined if it pays for itself. */
  readonly payerUid: number | undefined;
}

/**
 * The enrolment of an account as it stands at `nowMs`, by its management account; in as many round trips as {@link getAlongPayer}. Throws `AccountUnverified`, `DirectoryUnknown`, and `BlueprintUnknown` unless the account is a member that is enrolled.
 */
export async function getEnrolment(
  table: Table,
  managementUid: number,
  uid: number,
  nowMs: number,
): Promise<ShownEnrolment> {
  const keys = [...callerKeys(managementUid), ...[memberKey, enrolmentKey, enrolmentPlanKey].map((key) => key(uid))];
  const memberAmong = ([account, directory, member]: readonly (Row | undefined)[]) => {
    directoryOfCaller(account, directory);
    return findMemberIn(managementUid, member);
  };
  const read = () =>
    getAlongPayer(table, { managementUid, uid }, keys, (rows) => memberAmong(rows) !== undefined, nowMs);
  const [{ payer, rows }, [planned]] = await readPlanned(read, ({ rows: [, , , row, plan] }) => [[row, plan]]);
  const member = memberAmong(rows);
  if (planned?.enrolment.managementUid !== managementUid || member === undefined)
    throw new Refusal('BlueprintUnknown', {});
  const { enrolment, plan } = planned;
  return { enrolment: enrolmentAt(enrolment, nowMs), plan, member, payerUid: payer?.parentUid };
}
