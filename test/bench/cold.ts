import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundle, bundleFolder } from '#infra/bundle.ts';
import { functionFiles } from '#infra/functionFiles.ts';
import { type Bench, median } from '#test/bench/bench.ts';

const ROUNDS = 5;
const HIGHEST_RATIO = 0.75;

/** What many would deploy: a router and a document client, bundled with what esbuild does by itself for Node. */
const hello = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
  import { Hono } from 'hono';
  import { handle } from 'hono/aws-lambda';
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const app = new Hono();
  app.get('/:id', async (c) => {
    const { Item } = await client.send(new GetCommand({ TableName: process.env.TABLE_NAME, Key: { id: c.req.param('id') } }));
    return c.json(Item ?? { hello: 'world' });
  });
  export const handler = handle(app);
`;

/** The time each bundle takes to load in a fresh process, against that of the hello. */
export const bench: Bench = {
  measures: `load time of each bundle, against a bare hono + DynamoDBDocumentClient hello; at most ${HIGHEST_RATIO}`,
  async run(print) {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-cold-'));
    try {
      const bareFile = join(folder, 'hello.js');
      await build({
        stdin: { contents: hello, resolveDir: import.meta.dirname, sourcefile: 'hello.ts', loader: 'ts' },
        outfile: bareFile,
        bundle: true,
        platform: 'node',
        logLevel: 'error',
      });
      await bundle();
      return compare(bareFile, print);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function compare(bareFile: string, print: (line: string) => void): boolean {
  let isMet = true;
  for (const { name } of functionFiles()) {
    const file = join(bundleFolder, `${name}.mjs`);
    const ours: number[] = [];
    const bare: number[] = [];
    // In turns, so that a machine that slows down slows both.
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(loadMs(bareFile));
      ours.push(loadMs(file));
    }
    const ratio = median(ours) / median(bare);
    const isFast = ratio <= HIGHEST_RATIO;
    isMet &&= isFast;
    const times = `${median(ours).toFixed(0)} ms against ${median(bare).toFixed(0)} ms`;
    print(`${name.padEnd(34)} ${ratio.toFixed(2)}  ${times}${isFast ? '' : '  too slow'}`);
  }
  return isMet;
}

/** From before the import, or the `require` of what is CommonJS, to after it, as Lambda loads them; Node's own start is no bundle's doing. */
function loadMs(file: string): number {
  const load = file.endsWith('.mjs') ? `await import(${JSON.stringify(pathToFileURL(file))})` : 'require(file)';
  const script = `import { createRequire } from 'node:module';
    const file = ${JSON.stringify(file)};
    const require = createRequire(file);
    const startedMs = performance.now();
    ${load};
    console.log(performance.now() - startedMs);
    process.exit();`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // As deployed: the master key is asked for while the function loads, here of nobody.
      MASTER_KEY_PARAMETER: '/tributary/dev/master-key',
      AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:9',
      TABLE_NAME: 'tributary',
    },
  });
  if (status !== 0) throw new Error(`${file} does not load: ${stderr}`);
  return Number(stdout);
}
