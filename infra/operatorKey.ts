import { parseArgs } from 'node:util';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { reasonOf, UsageError } from '#infra/local/startError.ts';
import { masterKeyFrom } from '#lib/adapters/masterKey.ts';
import { openDeps } from '#lib/deps.ts';
import { systemPorts } from '#lib/ports.ts';
import { issue } from '#lib/store/accessKeys.ts';
import { commit } from '#lib/table/commit.ts';
import { productionClient } from '#lib/table/requests.ts';

const usage = `
npm run operator-key -- --table <table> --parameter <parameter>

Issues the first key of an operator, with which accounts are registered and further keys issued. It is printed, and shown this once.

  --table <table>          the DynamoDB table of the stage, as in tributary-prod
  --parameter <parameter>  the SSM parameter that holds the master key, as in /tributary/prod/master-key
  --help                   prints this

AWS_REGION says where, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, with AWS_SESSION_TOKEN if there is one, as whom (docs/operations.md).
For a table outside AWS, set AWS_ENDPOINT_URL_DYNAMODB too, and MASTER_KEY, 64 hex digits, in place of a parameter.
`;

const options = {
  table: { type: 'string' },
  parameter: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;
const { env } = process;

function wordsIn(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(`${reasonOf(error)}.`);
  }
}

/** Issues an operator key, as IssueAccessKey does, before there is an operator to sign that call. */
async function issueOperatorKey(client: DynamoDBDocumentClient, tableName: string, masterKey: Buffer) {
  const { keyring, ports, table } = openDeps({ client, tableName, masterKey, ports: systemPorts });
  const keyId = ports.ids.accessKeyId();
  await commit(table, issue({ keyId, active: true, createdAtMs: ports.now() }));
  return { keyId, secret: keyring.derive(keyId) };
}

async function run(args: readonly string[]): Promise<string> {
  const { help, table, parameter } = wordsIn(args);
  if (help) return usage;
  if (!table) throw new UsageError('Name the table.');
  if (!parameter && !env['MASTER_KEY']) throw new UsageError('Name the parameter of the master key.');
  const masterKey = await masterKeyFrom({ ...env, MASTER_KEY_PARAMETER: parameter });
  const { keyId, secret } = await issueOperatorKey(productionClient(), table, masterKey);
  return `OPERATOR_AK=${keyId}\nOPERATOR_SK=${secret}\n`;
}

try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(isUsage ? `${error.message}\n${usage}` : `No key was issued: ${reasonOf(error)}.\n`);
  process.exitCode = isUsage ? 2 : 1;
}
