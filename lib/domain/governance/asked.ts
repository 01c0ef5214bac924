import type { Member } from '#lib/domain/directory/member.ts';
import { type Tags, withoutTags, withTags } from '#lib/domain/directory/tags.ts';
import { type Baseline, refuseUnknown } from '#lib/domain/governance/baseline.ts';
import { itemKinds } from '#lib/domain/governance/catalogue.ts';
import {
  applicationOrder,
  type EnrolmentInputs,
  type EnrolmentPlan,
  effectiveItems,
  refuseIncomplete,
  type SentTag,
} from '#lib/domain/governance/effective.ts';
import { type Enrolment, enrolmentAt, isEnrolling } from '#lib/domain/governance/enrolment.ts';
import { FACTORY_BLUEPRINT } from '#lib/domain/governance/factory.ts';
import { itemsApplied } from '#lib/domain/governance/itemProgress.ts';
import { Refusal } from '#lib/errors.ts';

/** As much as one row bears of what an enrolment applies. */
const MOST_BYTES = 100_000;

/** An account that is to be enrolled: a member, with its enrolment before and what that applied, if it was enrolled. */
export interface Enrolee {
  readonly member: Member;
  readonly prior: Enrolment | undefined;
  readonly priorPlan: EnrolmentPlan | undefined;
}

/** What an enrolment is to apply, and in which order. */
export interface Planned {
  readonly plan: EnrolmentPlan;
  readonly order: readonly string[];
}

/**
 * The plan of an enrolment under a baseline. Tags that are not given stay those of the enrolment before. Throws `ItemUnknown`; `ParameterInvalid` for a configuration that is not of its item's schema,
 * an item that is there twice, or more than a row bears; and `ItemDependencyMissing`.
 */
export function planEnrolment(
  { items: base }: Baseline,
  { tags: given, ...inputs }: EnrolmentInputs,
  { prior, priorPlan }: Partial<Enrolee> = {},
): Planned {
  refuseUnknown(inputs.items);
  const tags = given ?? priorPlan?.inputs.tags ?? [];
  const plan = { base, inputs: { ...inputs, ...(tags.length > 0 && { tags }) } };
  const items = effectiveItems(plan);
  const bytes = items.reduce((sum, { config = '' }) => sum + Buffer.byteLength(config), 0);
  if (bytes > MOST_BYTES) throw new Refusal('ParameterInvalid', { parameter: 'BaselineItems', fault: 'length' });
  refuseIncomplete(items, prior ? itemsApplied(prior) : [], dependsOn);
  return { plan, order: applicationOrder(items, dependsOn) };
}

function dependsOn(name: string): readonly string[] {
  return itemKinds.find((kind) => kind.name === name)?.dependsOn ?? [];
}

/** Throws `FactoryUnfit` for a member that is being deleted, and `BlueprintDeploying` while an enrolment of it is under way. */
export function refuseEnrolling({ member, prior }: Enrolee, nowMs: number): void {
  if (member.status !== 'joined') throw new Refusal('FactoryUnfit', {});
  if (prior && isEnrolling(enrolmentAt(prior, nowMs)))
    throw new Refusal('BlueprintDeploying', { blueprint: FACTORY_BLUEPRINT });
}

/**
 * The tags of a member that is enrolled with some: those that only an earlier enrolment has named are taken off. Throws `TagQuotaReached`.
 */
export function retagged(tags: Tags, before: readonly SentTag[], sent: readonly SentTag[]): Tags {
  const kept = withoutTags(
    tags,
    before.map(({ key }) => key),
  );
  return withTags(kept, Object.fromEntries(sent.map(({ key, value }) => [key, value])));
}
