import { bundle } from '#infra/bundle.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import { startGateway } from '#infra/gateway.ts';
import { StartError } from '#infra/local/startError.ts';
import { openOfflineTable } from '#infra/offlineTable.ts';
import { render } from '#infra/render.ts';

// Serves the built bundles through serverless-offline, as API Gateway would call them, over the embedded table.
const STAGE = 'offline';
const { env } = process;
env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

try {
  const all = await deployedFunctions();
  render(all);
  const [table] = await Promise.all([
    openOfflineTable(env['TRIBUTARY_DATA'] || '.tributary', `tributary-${STAGE}`, env),
    bundle(all),
  ]);
  const gateway = await startGateway(Number(env['PORT'] || 4600), STAGE, table.env).catch(async (error: unknown) => {
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
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
