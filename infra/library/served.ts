import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { portIn } from '#infra/cli/settings.ts';
import { logTo } from '#infra/cli/start.ts';
import { startEmulator } from '#infra/local/emulator.ts';
import { StartError } from '#infra/local/startError.ts';
import { operations } from '#infra/operations.ts';
import { versionsOf } from '#lib/pipeline/route.ts';

/** How an operation is called, apart from its parameters. */
export interface Callable {
  readonly action: string;
  readonly version: string;
  readonly vendor: string;
}

/** What this process tells the one that has started it: that it can be called, or why it cannot. */
export type Told =
  | { readonly kind: 'ready'; readonly env: Readonly<Record<string, string>>; readonly operations: readonly Callable[] }
  | { readonly kind: 'failed'; readonly message: string };

const tell = (told: Told) => void process.send?.(told);

try {
  const { env } = process;
  const { envFile, ended, stop } = await startEmulator({
    port: portIn('port', env['TRIBUTARY_PORT'] ?? ''),
    data: ':memory:',
    seed: env['TRIBUTARY_SEED'],
    env,
    log: logTo(process.stderr, env),
  });
  // The channel ends with the process at its other end, however that ends.
  process.once('disconnect', () => stop().then(() => process.exit()));
  // Ctrl-C reaches this process from the terminal; the tests that it also reaches may still need it.
  process.on('SIGINT', () => undefined);
  ended.then(() => process.exit(1));
  tell({ kind: 'ready', env: demoIn(envFile), operations: operations.map(callableOf) });
} catch (error) {
  tell({ kind: 'failed', message: error instanceof StartError ? error.message : String(error) });
  process.disconnect?.();
}

function demoIn(file: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parseEnv(readFileSync(file, 'utf8'))).map(([name, value]) => [name, value ?? '']),
  );
}

function callableOf(operation: (typeof operations)[number]): Callable {
  const { action, product } = operation;
  return { action, version: versionsOf(operation).at(-1) ?? '', vendor: product.dialect.vendor };
}
