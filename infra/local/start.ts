import { startEmulator } from '#infra/local/emulator.ts';
import { StartError } from '#infra/local/engine.ts';
import { systemPorts } from '#lib/ports.ts';

const SHUTDOWN_MS = 5000;

// The SDK's notice about coming Node versions is for whoever maintains Tributary, not for whoever starts it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const { env } = process;

function portIn(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartError(`PORT must be a number from 0 to 65535, not ${text}.`);
}

try {
  const emulator = await startEmulator({
    port: portIn(env['PORT'] ?? '4600'),
    data: env['TRIBUTARY_DATA'] ?? '.tributary',
    env,
    log: (record) => {
      if (record.level === 'error' || env['TRIBUTARY_LOG'] === 'calls') systemPorts.log(record);
    },
  });
  const stop = () => {
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    emulator.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop);
  process.stdout.write(`Tributary ready on ${emulator.baseUrl}\n`);
  process.stdout.write(`Demo accounts and keys: ${emulator.envFile}\n`);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
