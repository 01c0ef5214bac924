import { randomFillSync } from 'node:crypto';

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;
/** Randomness is drawn for so many ULIDs at once: the call for it takes longer than all else that makes one. */
const DRAWN_AT_ONCE = 256;

/** The beginning of a ULID: a time, epoch ms. */
function timeDigits(ms: number): string {
  let text = '';
  for (let rest = ms, place = 0; place < TIME_DIGITS; place++, rest = Math.floor(rest / digits.length)) {
    text = digits.charAt(rest % digits.length) + text;
  }
  return text;
}

/**
 * Makes ULIDs that grow: of one time, or of one before it, by counting on; of a later time with 79 random bits, so that counting
 * never comes to an end.
 */
export function growingUlids(): (ms: number) => string {
  const pool = new Uint8Array(RANDOM_DIGITS * DRAWN_AT_ONCE);
  let used = pool.length;
  let last: Uint8Array = pool;
  let lastMs = -1;
  let prefix = '';

  function drawn(): Uint8Array {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += RANDOM_DIGITS;
    const numbers = pool.slice(used - RANDOM_DIGITS, used).map((byte) => byte % digits.length);
    numbers[0] = (numbers[0] ?? 0) >> 1;
    return numbers;
  }

  return (ms) => {
    if (ms > lastMs) {
      lastMs = ms;
      prefix = timeDigits(ms);
      last = drawn();
    } else countOn(last);
    return prefix + Array.from(last, (number) => digits.charAt(number)).join('');
  };
}

function countOn(numbers: Uint8Array): void {
  for (let place = numbers.length - 1; place >= 0; place--) {
    const next = ((numbers[place] ?? 0) + 1) % digits.length;
    numbers[place] = next;
    if (next > 0) return;
  }
}
