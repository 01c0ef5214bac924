import { UsageError, type Wanted, wantedIn } from '#infra/local/callArguments.ts';
import { demoDestination } from '#infra/local/demoKeys.ts';
import { pretty } from '#infra/local/pretty.ts';
import { type Destination, send } from '#infra/local/send.ts';
import { reasonOf, StartError } from '#infra/local/startError.ts';
import { usage } from '#infra/local/usage.ts';
import { operations } from '#infra/operations.ts';

const BAD_USAGE = 2;

function destinationOf({ key, url, role }: Extract<Wanted, { kind: 'call' }>): Destination {
  if (key !== undefined && url !== undefined) return { url, ...key };
  const demo = demoDestination(process.env['TRIBUTARY_DATA'] || '.tributary', role);
  return { ...demo, ...key, ...(url !== undefined && { url }) };
}

async function call(wanted: Extract<Wanted, { kind: 'call' }>): Promise<boolean> {
  const destination = destinationOf(wanted);
  if (!isHttp(destination.url))
    throw new UsageError(`--url is an http address, not ${destination.url}.`, wanted.operation);
  const { ok, text } = await answered(destination, wanted);
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
    return { ok: response.ok, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new StartError(
      `Nothing answers at ${destination.url} (${reasonOf(cause)}); start the emulator with npm start.`,
    );
  }
}

try {
  const wanted = wantedIn(process.argv.slice(2), operations);
  if (wanted.kind === 'help') process.stdout.write(usage(operations, wanted.operation));
  else if (!(await call(wanted))) process.exitCode = 1;
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n${usage(operations, error.operation)}`);
    process.exitCode = BAD_USAGE;
  } else if (error instanceof StartError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
