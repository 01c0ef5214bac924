import { Refusal } from '#lib/errors.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    /** No telephone is named, and accounts of this service have none of their own. */
    PhoneMissing: Record<never, never>;
    VerificationCodeMissing: Record<never, never>;
    VerificationCodeWrong: Record<never, never>;
  }
}

/** A code is accepted until the end of the period after the one in which it was told. */
const PERIOD_MS = 5 * 60_000;
const DIGITS = 6;

/** What a code is good for: the account that sends it proves that it has the telephone. */
export interface Telephone {
  readonly uid: number;
  readonly phone: string;
}

interface Proof {
  readonly uid: number;
  readonly phone: string | undefined;
  readonly code: string | undefined;
}

/** A keyed digest of a text: base64url. */
type Digest = (text: string) => string;

/** The code that proves a telephone, as it is at `nowMs`, and until when it is accepted, epoch ms. It is derived, so none is stored. */
export function verificationCode(
  digest: Digest,
  telephone: Telephone,
  nowMs: number,
): { code: string; untilMs: number } {
  const period = Math.floor(nowMs / PERIOD_MS);
  return { code: codeOf(digest, telephone, period), untilMs: (period + 2) * PERIOD_MS };
}

/** Throws `PhoneMissing`, `VerificationCodeMissing`, or `VerificationCodeWrong` unless the code proves the telephone at `nowMs`. */
export function refuseUnproven(digest: Digest, { code, phone, uid }: Proof, nowMs: number): void {
  if (phone === undefined) throw new Refusal('PhoneMissing', {});
  if (code === undefined) throw new Refusal('VerificationCodeMissing', {});
  const accepted = [nowMs, nowMs - PERIOD_MS].map((atMs) => verificationCode(digest, { uid, phone }, atMs).code);
  if (!accepted.includes(code)) throw new Refusal('VerificationCodeWrong', {});
}

function codeOf(digest: Digest, { phone, uid }: Telephone, period: number): string {
  const drawn = Buffer.from(digest(`verification code ${uid} ${phone} ${period}`), 'base64url').readUIntBE(0, 6);
  return String(drawn % 10 ** DIGITS).padStart(DIGITS, '0');
}
