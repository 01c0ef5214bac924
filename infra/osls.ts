import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StartError } from '#infra/local/startError.ts';

/** The repository, where serverless.yml is. */
export const serviceFolder = join(import.meta.dirname, '..');

const require = createRequire(import.meta.url);

/** The script of osls, which reads serverless.yml. */
export const oslsScript: string = require.resolve('osls/bin/serverless.js');

/** What osls says of a stack that is not there. */
const absent = /Stack .*does not exist/i;

/** Runs an osls command for one stack; what it says goes to the terminal. Throws `StartError` when it fails. */
export async function runOsls(command: string, stack: string, words: readonly string[]): Promise<void> {
  if ((await outcomeOf(command, stack, words)).code !== 0)
    throw new StartError(`osls ${command} failed for the stack ${stack}.`);
}

/** Removes a stack, if it is there. Throws `StartError` when that fails. */
export async function removeStack(stack: string, words: readonly string[]): Promise<void> {
  const { code, said } = await outcomeOf('remove', stack, words);
  if (code === 0) return;
  if (!absent.test(said)) throw new StartError(`osls remove failed for the stack ${stack}.`);
  process.stdout.write(`There is no stack ${stack} to remove.\n`);
}

async function outcomeOf(command: string, stack: string, words: readonly string[]) {
  const args = [oslsScript, command, '--param', `stack=${stack}`, ...words];
  const child = spawn(process.execPath, args, { cwd: serviceFolder, stdio: ['inherit', 'pipe', 'pipe'] });
  let said = '';
  const hear = (stream: NodeJS.WriteStream) => (chunk: Buffer) => {
    said += chunk.toString();
    stream.write(chunk);
  };
  child.stdout.on('data', hear(process.stdout));
  child.stderr.on('data', hear(process.stderr));
  const [code] = await once(child, 'close');
  return { code, said };
}
