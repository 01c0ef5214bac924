import * as v from 'valibot';
import type { Deps } from '#lib/deps.ts';
import { issue } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { commit, type Write, type WriteItem } from '#lib/table/commit.ts';

/** The most that can be asked for at once. */
const MOST = 1000;
/** How many one transaction holds: each is three rows. */
const AT_ONCE = 33;

const account = v.strictObject({
  legalName: v.optional(v.pipe(v.string(), v.maxLength(128))),
  name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
  uid: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1_000_000_000))),
});

/** The accounts that are asked for, in one list. */
export const wantedAccounts = v.pipe(v.array(account), v.minLength(1), v.maxLength(MOST));

/** How to ask for accounts, for whoever has not. */
export const howToAskForAccounts = `Send a list of 1 to ${MOST} accounts, each {"legalName": "...", "name": "...", "uid": n} or some of these.`;

/** An account that was registered, and its key. */
export interface FreshAccount {
  readonly uid: number;
  readonly legalName: string;
  readonly name: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/**
 * Registers accounts and issues a key to each. Whoever names no company gets one of its own. Nobody has called for it, so nothing is
 * recorded. Throws `Refusal` if a uid is taken; then some of very many may have been registered.
 */
export async function freshAccounts(
  { keyring, ports, table }: Deps,
  wanted: v.InferOutput<typeof wantedAccounts>,
): Promise<FreshAccount[]> {
  const createdAtMs = ports.now();
  const made = wanted.map(({ uid = ports.ids.uid(), legalName = `Company ${uid}`, name = `account${uid}@test` }) => {
    const accessKeyId = ports.ids.accessKeyId();
    return { uid, legalName, name, accessKeyId, accessKeySecret: keyring.derive(accessKeyId) };
  });
  for (let done = 0; done < made.length; done += AT_ONCE) {
    await commit(
      table,
      made.slice(done, done + AT_ONCE).flatMap((one) => registration(one, createdAtMs)),
    );
  }
  return made;
}

function registration({ uid, legalName, name, accessKeyId }: FreshAccount, createdAtMs: number): Write {
  const account = { uid, legalName, name, email: undefined, createdAtMs };
  const key = issue({ keyId: accessKeyId, uid, active: true, createdAtMs });
  return [...register(account, 'given'), ...key.filter(isNoCheck)];
}

/** A key is issued only to an account that is there, which in one transaction with the account could not be checked and need not be. */
function isNoCheck({ action }: WriteItem): boolean {
  return !('ConditionCheck' in action);
}
