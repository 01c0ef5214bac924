import { bundle } from '#infra/bundle.ts';
import { helpOption, optionLines, saidIn } from '#infra/cli/commandLine.ts';
import { portIn } from '#infra/cli/settings.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import { startGateway } from '#infra/gateway.ts';
import { StartError, UsageError } from '#infra/local/startError.ts';
import { openOfflineTable } from '#infra/offlineTable.ts';
import { render } from '#infra/render.ts';

// Serves the built bundles through serverless-offline, as API Gateway would call them, over the embedded table.
const STAGE = 'offline';
const { env } = process;
env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const options = {
  port: { takes: '<number>', says: 'default 4600 (PORT); 0 for any free port', short: 'p' },
  data: {
    takes: '<folder>',
    says: 'where its data is kept between runs, default .tributary (TRIBUTARY_DATA); :memory: for nowhere',
  },
  reset: { says: 'begins with the demo estate anew' },
  built: { says: 'serves the bundles as they were built last, and does not build them' },
  help: helpOption,
} as const;

const help = ['', 'npm run offline -- [options]', '', ...optionLines(options), ''].join('\n');

async function serve(words: readonly string[]): Promise<void> {
  const { given, texts } = saidIn(words, options);
  if (given.has('help')) return void process.stdout.write(help);
  const port = texts.port === undefined ? portIn('PORT', env['PORT'] || '4600') : portIn('--port', texts.port);
  const data = texts.data || env['TRIBUTARY_DATA'] || '.tributary';
  const all = await deployedFunctions();
  render(all);
  const [table] = await Promise.all([
    openOfflineTable({ data, tableName: `tributary-${STAGE}`, env, isReset: given.has('reset') }),
    given.has('built') ? undefined : bundle(all),
  ]);
  const gateway = await startGateway(port, STAGE, table.env).catch(async (error: unknown) => {
    await table.close();
    throw error;
  });
  const stop = async () => {
    await gateway.close();
    await table.close();
    process.exit();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop);
  Promise.race([gateway.ended, table.ended]).then(stop);
  const envFile = table.writeCredentials(gateway.baseUrl);
  process.stdout.write(`Tributary ready on ${gateway.baseUrl}\n`);
  process.stdout.write(`Demo accounts and keys: ${envFile}\n`);
}

try {
  await serve(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof StartError || error instanceof UsageError)) throw error;
  const isUsage = error instanceof UsageError;
  process.stderr.write(isUsage ? `${error.message}\n${help}` : `${error.message}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
