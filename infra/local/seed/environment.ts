import { demoAccounts } from '#infra/local/demoEstate.ts';
import { planOf } from '#infra/local/seed/parties.ts';
import { readSeed } from '#infra/local/seed/read.ts';
import type { SeedText } from '#infra/local/seed/seedFile.ts';
import type { Keyring } from '#lib/auth/keyring.ts';

/** The accounts that a seed has names for, as demo.env has those of the demo estate. Throws `SeedError`. */
export function seedEnvironment({ name, text }: SeedText, keyring: Keyring): string {
  // A large seed takes a while to be read, and mostly names none.
  if (!/\benv\b/.test(text)) return '';
  const { owned } = planOf(readSeed(name, text), demoAccounts);
  const lines = owned.flatMap(({ env, keys: [key], uid }) => {
    if (env === undefined) return [];
    const { keyId, secret } = key ?? {};
    const own =
      keyId === undefined ? [] : [`${env}_AK=${keyId}`, `${env}_SK=${quoted(secret ?? keyring.derive(keyId))}`];
    return [`${env}_UID=${uid}`, ...own];
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** As both a shell and Node's reader of such files take it. */
function quoted(value: string): string {
  if (/^[\w./+=-]+$/.test(value)) return value;
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
