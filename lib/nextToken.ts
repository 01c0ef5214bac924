import type { Keyring } from '#lib/auth/keyring.ts';
import type { Call } from '#lib/call.ts';
import { Refusal } from '#lib/errors.ts';
import { actorOf } from '#lib/store/ledger.ts';

/** Page tokens that are valid for one caller, operation and set of filters. */
export interface NextTokens {
  seal(position: string): string;
  /** The position in a token; undefined without one. Throws `ParameterInvalid` for a forged token, or one of another list. */
  open(token: string | undefined): string | undefined;
}

/** The page tokens of one list. */
export function nextTokens({ open, seal }: Keyring, { action, caller }: Call, filters: object): NextTokens {
  const boundTo = JSON.stringify([actorOf(caller), action, filters]);
  return {
    seal: (position) => Buffer.from(seal('page', boundTo, position), 'base64').toString('base64url'),
    open(token) {
      if (token === undefined) return undefined;
      try {
        return open('page', boundTo, Buffer.from(token, 'base64url').toString('base64'));
      } catch {
        throw new Refusal('ParameterInvalid', { parameter: 'NextToken', fault: 'value' });
      }
    },
  };
}
