import type { Call } from '#lib/call.ts';
import { findItemKind } from '#lib/domain/governance/catalogue.ts';
import { type EnrolledItem, effectiveItems } from '#lib/domain/governance/effective.ts';
import { enrolmentAt } from '#lib/domain/governance/enrolment.ts';
import { type EnrolmentFailure, restAfter } from '#lib/domain/governance/enrolmentFailure.ts';
import { ItemFailure } from '#lib/domain/governance/itemKind.ts';
import { Refusal } from '#lib/errors.ts';
import { failedBy } from '#lib/store/governance/advancing.ts';
import { configurationOf, putConfiguration } from '#lib/store/governance/configurations.ts';
import type { Enrolled } from '#lib/store/governance/enrolled.ts';
import { moveEnrolment } from '#lib/store/governance/enrolmentSteps.ts';
import type { Write } from '#lib/table/commit.ts';
import { neverRefused } from '#lib/table/items.ts';

/** The report on an item that was handed over. `retry`: it may succeed later. */
export type Report =
  | { readonly is: 'applied' }
  | { readonly is: 'failed' | 'retry'; readonly failure: EnrolmentFailure };

/** An item that was handed over: by its name and, if that is known, the id of the call that the enrolment goes back to. */
interface Reported {
  readonly name: string;
  readonly requestId: string | undefined;
}

/** Has an enrolment go on after a report on an item. Throws `ReportUnexpected` if none is awaited on that, or none any more. */
export function reportItem(enrolled: Enrolled, { name, requestId }: Reported, report: Report, call: Call): Write {
  const { enrolment } = enrolled;
  const { applied, order, status } = enrolmentAt(enrolled.enrolment, call.now());
  const item = effectiveItems(enrolled.plan).find((one) => one.name === order[applied]);
  const isOfIt = requestId === undefined || requestId === enrolment.requestId;
  if (status !== 'awaiting' || item?.name !== name || !isOfIt) throw new Refusal('ReportUnexpected', {});
  if (report.is === 'applied') {
    return moveEnrolment(enrolment, 'reportApplied', call, {
      change: { set: { applied: applied + 1, attempts: 0 } },
      also: configured(enrolled, item, call),
      facts: { item: name },
    });
  }
  const attempts = enrolment.attempts + 1;
  if (report.is === 'failed' || restAfter(attempts) === undefined) {
    return moveEnrolment(enrolment, 'reportFailed', call, failedBy(report.failure, item));
  }
  return moveEnrolment(enrolment, 'reportRetry', call, { change: { set: { attempts } }, facts: { item: name } });
}

/**
 * What the account looks like after an item, as far as that can be computed here. Names are neither claimed nor given up: that was up to
 * whoever applied the item.
 */
function configured({ configurations, enrolment }: Enrolled, item: EnrolledItem, call: Call): Write {
  const { managementUid, uid } = enrolment;
  const target = { uid, managementUid, configuration: configurationOf(configurations) };
  const applied = findItemKind(item.name, item.version)?.apply(item.config, target);
  if (applied === undefined || applied instanceof ItemFailure) return [];
  const before = configurations.find((one) => one.item === item.name);
  return putConfiguration(uid, item, { ...applied, claims: before?.claims ?? [] }, before, call, neverRefused);
}
