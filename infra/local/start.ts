import { startEmulator } from '#infra/local/emulator.ts';
import { StartError } from '#infra/local/startError.ts';
import { systemPorts } from '#lib/ports.ts';

const SHUTDOWN_MS = 5000;
const PARENT_CHECK_MS = 100;

// The SDK's notice about coming Node versions is for whoever maintains Tributary, not for whoever starts it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
// A script may close the pipe once it has read the ready line.
process.stdout.on('error', () => undefined);

const { env } = process;

function portIn(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new StartError(`PORT must be a number from 0 to 65535, not ${text}.`);
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

/** Killing npm is meant to end the emulator, which is not told of it. Without npm, it may be meant to outlive its parent. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid;
  const check = () => {
    if (process.ppid !== parent) stop();
  };
  setInterval(check, PARENT_CHECK_MS).unref();
}

try {
  const emulator = await startEmulator({
    port: portIn(env['PORT'] || '4600'),
    data: env['TRIBUTARY_DATA'] || '.tributary',
    env,
    log: (record) => {
      if (record.level === 'error' || env['TRIBUTARY_LOG'] === 'calls') systemPorts.log(record);
    },
  });
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    emulator.stop().then(() => process.exit());
  };
  // Ctrl-C under npm arrives twice, from the terminal and from npm.
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  if (env['npm_lifecycle_event'] === 'start') whenOrphaned(stop);
  emulator.ended.then(() => {
    if (isStopping) return;
    tell('The embedded DynamoDB has ended, and the emulator with it.');
    stop();
  });
  process.stdout.write(`Tributary ready on ${emulator.baseUrl}\n`);
  process.stdout.write(`Demo accounts and keys: ${emulator.envFile}\n`);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  tell(error.message);
}
