import * as v from 'valibot';
import { text } from '#lib/dialects/fields.ts';

const reports = { Finished: 'applied', Failed: 'failed', Retry: 'retry' } as const;

export const itemName = v.pipe(text(128), v.description('The baseline item that was handed over.'));

export const eventRequestId = v.pipe(
  text(64),
  v.minLength(1),
  v.description('The requestId of the event that handed it over: a report on an earlier enrolment is then refused.'),
);

export const reportStatus = v.pipe(
  v.picklist(['Finished', 'Failed', 'Retry']),
  v.transform((status) => reports[status]),
  v.description('Finished once it is applied, Failed if it never will be, Retry to be handed it over again later.'),
);

export const failureCode = v.pipe(
  text(128),
  v.minLength(1),
  v.description('Why not, as a code in the style of the vendor.'),
);

export const failureMessage = v.pipe(text(1024), v.minLength(1), v.description('The same in words.'));

interface SentReport {
  readonly Status: (typeof reports)[keyof typeof reports];
  readonly Code: string;
  readonly Message: string;
}

/** A report as it was sent. */
export function reportIn({ Code, Message, Status }: SentReport) {
  const failure = { code: Code, message: Message, product: 'governance' };
  return Status === 'applied' ? { is: Status } : { is: Status, failure };
}

/** What an item has left on an account. The configuration is JSON. */
export const itemConfiguration = v.object({
  Name: v.string(),
  Version: v.string(),
  Configuration: v.string(),
  ApplyTime: v.string(),
});

interface Configured {
  readonly item: string;
  readonly version: string;
  readonly after: string;
  readonly appliedAtMs: number;
}

export function itemConfigurationOf({ after, appliedAtMs, item, version }: Configured) {
  const ApplyTime = new Date(appliedAtMs).toISOString();
  return { Name: item, Version: version, Configuration: after, ApplyTime };
}
