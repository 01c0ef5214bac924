import type { BaselineItem } from '#lib/domain/governance/baseline.ts';
import { Refusal } from '#lib/errors.ts';

/** An item as an enrolment has it. One that is skipped is not applied. */
export interface EnrolledItem extends BaselineItem {
  readonly skip: boolean;
}

/** On which items one depends, by their names. */
export type DependsOn = (name: string) => readonly string[];

/** A tag as it was sent. The order in which tags were sent is kept. */
export interface SentTag {
  readonly key: string;
  readonly value: string;
}

/** What the caller of an enrolment has said. */
export interface EnrolmentInputs {
  readonly namePrefix?: string | undefined;
  readonly displayName?: string | undefined;
  readonly folderId?: string | undefined;
  readonly payerUid?: number | undefined;
  readonly uid?: number | undefined;
  readonly items: readonly EnrolledItem[];
  /** Absent if there are none. */
  readonly tags?: readonly SentTag[] | undefined;
}

/** What an enrolment applies: the items of its baseline as they were when it was asked for, and what was said of them. */
export interface EnrolmentPlan {
  readonly base: readonly BaselineItem[];
  readonly inputs: EnrolmentInputs;
}

/**
 * The items of an enrolment (docs/vendors/alibaba-governance.md 3.2): those of the baseline, each replaced by what the call says of it, then
 * those that only the call names. What the call leaves out of the configuration of an item stays that of the baseline.
 */
export function effectiveItems({ base, inputs: { items: overrides } }: EnrolmentPlan): EnrolledItem[] {
  const merged = base.map((item): EnrolledItem => {
    const override = overrides.find(({ name }) => name === item.name);
    return override ? { ...override, config: override.config ?? item.config } : { ...item, skip: false };
  });
  return [...merged, ...overrides.filter(({ name }) => !base.some((item) => item.name === name))];
}

/** Throws `ItemDependencyMissing` unless whatever an item depends on is applied with it, or was applied to the account before. */
export function refuseIncomplete(items: readonly EnrolledItem[], earlier: readonly string[], dependsOn: DependsOn) {
  const wanted = items.filter(({ skip }) => !skip);
  const there = new Set([...earlier, ...wanted.map(({ name }) => name)]);
  for (const { name: item } of wanted) {
    const dependency = dependsOn(item).find((one) => !there.has(one));
    if (dependency !== undefined) throw new Refusal('ItemDependencyMissing', { item, dependency });
  }
}

/**
 * The names of the items to be applied, each behind all that it depends on, and otherwise in their own order. No item may depend on itself,
 * by whatever way.
 */
export function applicationOrder(items: readonly EnrolledItem[], dependsOn: DependsOn): string[] {
  const waiting = items.filter(({ skip }) => !skip).map(({ name }) => name);
  const order: string[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((name) => !dependsOn(name).some((one) => waiting.includes(one)));
    if (next < 0) throw new Error(`the items ${waiting.join(', ')} depend on each other`);
    order.push(...waiting.splice(next, 1));
  }
  return order;
}
