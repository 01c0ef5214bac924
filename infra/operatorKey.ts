import { parseArgs } from 'node:util';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { reasonOf, StartError } from '#infra/local/startError.ts';
import { masterKeyFrom } from '#lib/adapters/masterKey.ts';
import { openDeps } from '#lib/deps.ts';
import { systemPorts } from '#lib/ports.ts';
import { issue } from '#lib/store/accessKeys.ts';
import { commit } from '#lib/table/commit.ts';
import { productionClient } from '#lib/table/requests.ts';

// npm run operator-key -- --table T --parameter P: issues the first operator key, with which accounts are registered.
// For a table outside AWS, set MASTER_KEY in the environment; then no parameter is read.
const { values } = parseArgs({ options: { table: { type: 'string' }, parameter: { type: 'string' } } });
const { env } = process;

/** Issues an operator key, as IssueAccessKey does, before there is an operator to sign that call. */
async function issueOperatorKey(client: DynamoDBDocumentClient, tableName: string, masterKey: Buffer) {
  const { keyring, ports, table } = openDeps({ client, tableName, masterKey, ports: systemPorts });
  const keyId = ports.ids.accessKeyId();
  await commit(table, issue({ keyId, active: true, createdAtMs: ports.now() }));
  return { keyId, secret: keyring.derive(keyId) };
}

try {
  const { table, parameter } = values;
  if (!table || !(parameter || env['MASTER_KEY'])) {
    throw new StartError('npm run operator-key -- --table <table> --parameter <SSM parameter of the master key>');
  }
  const masterKey = await masterKeyFrom({ ...env, MASTER_KEY_PARAMETER: parameter });
  const { keyId, secret } = await issueOperatorKey(productionClient(), table, masterKey);
  process.stdout.write(`OPERATOR_AK=${keyId}\nOPERATOR_SK=${secret}\n`);
} catch (error) {
  const said = error instanceof StartError ? error.message : `No key was issued: ${reasonOf(error)}.`;
  process.stderr.write(`${said}\n`);
  process.exitCode = 1;
}
