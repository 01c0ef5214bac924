/** Why an enrolment has failed, in the words of the service that refused (docs/vendors/alibaba-governance.md 5.3). */
export interface EnrolmentFailure {
  readonly code: string;
  readonly message: string;
  readonly product: string;
}

/** How long a report on an item that was handed over is awaited, ms. */
export const REPORT_TTL_MS = 30 * 60 * 1000;

const MOST_ATTEMPTS = 6;
const FIRST_REST_MS = 1000;

/** How long an item rests, ms, after it was tried in vain `attempts` times; undefined if it is not tried again. */
export function restAfter(attempts: number): number | undefined {
  return attempts < MOST_ATTEMPTS ? FIRST_REST_MS * 2 ** attempts : undefined;
}

/** The failure of an item without a report in time. */
export const timedOut: EnrolmentFailure = {
  product: 'governance',
  code: 'ItemTimedOut',
  message: 'Nobody has reported in time that the baseline item was applied.',
};

/** The failure of an item whose every attempt was in vain, unless it has words of its own. */
export const triedInVain: EnrolmentFailure = {
  product: 'governance',
  code: 'ItemUnavailable',
  message: 'The baseline item could not be applied, however often it was tried.',
};
