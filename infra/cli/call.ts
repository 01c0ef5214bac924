import type { Command } from '#infra/cli/main.ts';
import { type Wanted, wantedIn } from '#infra/local/callArguments.ts';
import { demoDestination } from '#infra/local/demoKeys.ts';
import { fromHeader, HINT_HEADER } from '#infra/local/hints.ts';
import { pretty } from '#infra/local/pretty.ts';
import { type Destination, send } from '#infra/local/send.ts';
import { reasonOf, StartError, UsageError } from '#infra/local/startError.ts';
import { typedAs } from '#infra/local/typed.ts';
import { usage } from '#infra/local/usage.ts';
import { operations } from '#infra/operations.ts';

/** Calls an operation; ends with 1 if it is refused. */
export const call: Command = {
  // The list of all actions would leave what was wrong far above it.
  help: (error) =>
    error !== undefined && error.operation === undefined
      ? `${typedAs('call')} --help lists all actions.\n`
      : usage(operations, error?.operation),
  async run(words) {
    const wanted = wantedIn(words, operations);
    if (wanted.kind === 'help') process.stdout.write(usage(operations, wanted.operation));
    else if (!(await carryOut(wanted))) process.exitCode = 1;
  },
};

function destinationOf({ key, url, role }: Extract<Wanted, { kind: 'call' }>): Destination {
  if (key !== undefined && url !== undefined) return { url, ...key };
  const demo = demoDestination(process.env['TRIBUTARY_DATA'] || '.tributary', role);
  return { ...demo, ...key, ...(url !== undefined && { url }) };
}

async function carryOut(wanted: Extract<Wanted, { kind: 'call' }>): Promise<boolean> {
  const destination = destinationOf(wanted);
  if (!isHttp(destination.url))
    throw new UsageError(`--url is an http address, not ${destination.url}.`, wanted.operation);
  const { ok, text, hint } = await answered(destination, wanted);
  if (hint !== '') process.stderr.write(`${hint}\n`);
  const { stdout } = process;
  stdout.write(`${stdout.isTTY ? pretty(text, stdout.hasColors()) : text}\n`);
  return ok;
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

async function answered(destination: Destination, { operation, parameters }: Extract<Wanted, { kind: 'call' }>) {
  try {
    const response = await send(destination, operation, parameters);
    return { ok: response.ok, text: await response.text(), hint: fromHeader(response.headers.get(HINT_HEADER) ?? '') };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new StartError(
      `Nothing answers at ${destination.url} (${reasonOf(cause)}); start the emulator with ${typedAs('start')}.`,
    );
  }
}
