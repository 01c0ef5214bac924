import { emailRow } from '#lib/store/emails.ts';
import { emailKey } from '#lib/store/keys.ts';
import { commit } from '#lib/table/commit.ts';
import { create, neverRefused, remove } from '#lib/table/items.ts';
import type { Estate, Signer } from '#test/support/estate.ts';
import type { Example } from '#test/support/examples.ts';
import type { Snapshot } from '#test/support/snapshot.ts';

/** What a call that would succeed is refused for, for as long as it stands. */
export interface Obstacle {
  put(): Promise<void>;
  clear(): Promise<void>;
}

/** The obstacle to a call: all that it names is gone, or the e-mail it claims is another's. */
export function obstacleTo(
  { by, params }: { readonly by: Signer; readonly params: Example['params'] },
  { deps: { table } }: Pick<Estate, 'deps'>,
  { giveBack, withhold }: Snapshot,
): Obstacle {
  const { Email } = params;
  if (Email === undefined) return { put: () => withhold(by.keyId), clear: giveBack };
  const key = emailKey(String(Email));
  return {
    put: () => commit(table, [create(emailRow.row(key, { uid: 1 }), neverRefused)]),
    clear: () => commit(table, [remove(key, [], neverRefused)]),
  };
}
