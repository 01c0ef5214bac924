import type { Keyring } from '#lib/auth/keyring.ts';
import { actorOf, type Call } from '#lib/call.ts';
import { Refusal } from '#lib/errors.ts';

/** Where a list goes on, for this caller, this operation and these filters alone. */
export interface NextTokens {
  seal(position: string): string;
  /** Throws `ParameterInvalid` for a token of another list, or none of ours. */
  open(token: string | undefined): string | undefined;
}

/** The next tokens of one list. */
export function nextTokens({ open, seal }: Keyring, { action, caller }: Call, filters: object): NextTokens {
  const boundTo = JSON.stringify([actorOf(caller), action, filters]);
  return {
    seal: (position) => Buffer.from(seal(boundTo, position), 'base64').toString('base64url'),
    open(token) {
      if (token === undefined) return undefined;
      try {
        return open(boundTo, Buffer.from(token, 'base64url').toString('base64'));
      } catch {
        throw new Refusal('ParameterInvalid', { parameter: 'NextToken', fault: 'value' });
      }
    },
  };
}
