import { Refusal } from '#lib/errors.ts';

/** What DynamoDB calls too much load, or that it is still at a transaction, once its client has tried again in vain. */
const passing: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TransactionInProgressException',
]);

/** The answer to a request; throws `Busy`, which a caller may try again, where the table had too much to do. */
export async function orBusy<Answer>(sent: Promise<Answer>): Promise<Answer> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof Error && passing.has(error.name)) throw new Refusal('Busy', {});
    throw error;
  }
}
