import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { orNearest } from '#infra/local/closest.ts';
import type { Destination } from '#infra/local/send.ts';
import { StartError } from '#infra/local/startError.ts';
import { typedAs } from '#infra/local/typed.ts';

/** The running emulator's address and one of the keys in the `demo.env` of a data folder, by its name there. Throws `StartError`. */
export function demoDestination(folder: string, role: string): Destination {
  const file = join(folder, 'demo.env');
  const values = parseEnv(textOf(file));
  const entry = (name: string): string => {
    const value = values[name];
    if (!value) throw new StartError(`${file} has no ${name}; start the emulator anew with ${typedAs('start')}.`);
    return value;
  };
  const known = Object.keys(values).flatMap((one) =>
    one.endsWith('_AK') ? [one.slice(0, -'_AK'.length).toLowerCase()] : [],
  );
  if (!known.includes(role.toLowerCase())) {
    throw new StartError(orNearest(`--as is one of ${known.join(', ')}, as in ${file}, not ${role}`, role, known));
  }
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
