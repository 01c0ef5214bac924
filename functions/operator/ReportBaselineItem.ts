import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import {
  eventRequestId,
  failureCode,
  failureMessage,
  itemName,
  reportIn,
  reportStatus,
} from '#lib/products/operator/enrolments.ts';
import { accountUid } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { readEnrolled } from '#lib/store/governance/enrolled.ts';
import { reportItem } from '#lib/store/governance/reporting.ts';

export const app = operation({
  action: 'ReportBaselineItem',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'write',
  input: v.object({
    Uid: v.pipe(accountUid, v.description('The account that the item was to be applied to.')),
    Name: itemName,
    EventRequestId: v.optional(eventRequestId),
    Status: reportStatus,
    Code: v.optional(failureCode, 'ItemFailed'),
    Message: v.optional(failureMessage, 'The baseline item could not be applied.'),
  }),
  output: v.object({}),
  errors: ['BlueprintUnknown', 'ReportUnexpected'],
  target: ({ Name, Uid }) => `${Name} of account ${Uid}`,
  async run({ input: { EventRequestId: requestId, Name: name, Uid, ...report }, call, deps }) {
    const enrolled = await readEnrolled(deps.table, Uid);
    if (enrolled === undefined) throw new Refusal('BlueprintUnknown', {});
    return { output: {}, write: reportItem(enrolled, { name, requestId }, reportIn(report), call) };
  },
});
