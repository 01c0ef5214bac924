import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Role } from '#infra/local/callArguments.ts';
import type { Destination } from '#infra/local/send.ts';
import { StartError } from '#infra/local/startError.ts';
import { typedAs } from '#infra/local/typed.ts';

/** The running emulator's address and one of its demo keys, from the `demo.env` of a data folder. Throws `StartError`. */
export function demoDestination(folder: string, role: Role): Destination {
  const file = join(folder, 'demo.env');
  const values = parseEnv(textOf(file));
  const entry = (name: string): string => {
    const value = values[name];
    if (!value) throw new StartError(`${file} has no ${name}; start the emulator anew with ${typedAs('start')}.`);
    return value;
  };
  const name = role.toUpperCase();
  return { url: entry('BASE_URL'), keyId: entry(`${name}_AK`), secret: entry(`${name}_SK`) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new StartError(
      `There is no ${file}: start the emulator with ${typedAs('start')}, set TRIBUTARY_DATA to its data folder, or give --key, --secret and --url.`,
    );
  }
}
