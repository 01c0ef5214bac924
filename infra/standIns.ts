import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

const core = '@smithy/core/dist-es/submodules';

/** The modules of the SDK that bundles leave out, and what they have of `infra/leftOut.ts` in place of each. */
export const standIns: Readonly<Record<string, readonly string[]>> = {
  [`${core}/event-streams/index.js`]: ['EventStreamSerde', 'eventStreamSerdeProvider'],
  [`${core}/retry/util-retry/AdaptiveRetryStrategy.js`]: ['AdaptiveRetryStrategy'],
  [`${core}/checksum/sha256/Sha256Js.js`]: ['Sha256Js'],
  [`${core}/config/config-resolver/regionConfig/getInstanceMetadataRegion.js`]: ['getInstanceMetadataRegion'],
  [`${core}/config/shared-ini-file-loader/loadSharedConfigFiles.js`]: [
    'loadSharedConfigFiles',
    'CONFIG_PREFIX_SEPARATOR',
  ],
  '@smithy/signature-v4/dist-es/HeaderFormatter.js': ['HeaderFormatter'],
  '@aws-sdk/client-dynamodb/dist-es/endpoint/endpointResolver.js': ['defaultEndpointResolver'],
  '@aws-sdk/endpoint-cache/dist-es/index.js': ['EndpointCache'],
  // The table pages by itself.
  '@aws-sdk/lib-dynamodb/dist-es/pagination/index.js': [],
};

/** What DynamoDB answers to requests for items, besides errors that it does not list. */
const errorsOfItems: ReadonlySet<string> = new Set([
  'IdempotentParameterMismatchException',
  'InternalServerError',
  'InvalidEndpointException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ResourceNotFoundException',
  'ThrottlingException',
  'TransactionCanceledException',
  'TransactionInProgressException',
]);

/**
 * Leaves out of a bundle what no function uses of the SDK, but esbuild keeps because modules in use import it. The event streams cost
 * most: they are imported dynamically, and esbuild keeps everything that the modules which they import export.
 */
export const withoutUnusedParts: Plugin = {
  name: 'withoutUnusedParts',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]node_modules[/\\](@aws-sdk|@smithy)[/\\].*\.js$/ }, ({ path }) => {
      const [, module = ''] = path.replaceAll('\\', '/').split(/.*\/node_modules\//);
      const names = standIns[module];
      if (names === undefined) return undefined;
      const contents = names.length === 0 ? 'export {};' : `export { ${names.join(', ')} } from './leftOut.ts';`;
      return { contents, resolveDir: import.meta.dirname, loader: 'js' };
    });
    onLoad({ filter: /[/\\]@aws-sdk[/\\]client-[\w-]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/ }, ({ path }) => ({
      contents: schemasOf(path),
      loader: 'js',
    }));
    // The other clients' own addresses need these rules and register them by themselves.
    onLoad(
      { filter: /[/\\]@aws-sdk[/\\]core[/\\]dist-es[/\\]submodules[/\\]client[/\\]util-endpoints[/\\]aws\.js$/ },
      ({ path }) => ({
        contents: readFileSync(path, 'utf8').replace(/^customEndpointFunctions\.aws = .*$/m, ''),
        loader: 'js',
      }),
    );
    // A client reads its own version there, and nothing else.
    onLoad({ filter: /[/\\]@aws-sdk[/\\]client-[\w-]+[/\\]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

function schemasOf(path: string): string {
  const schemas = withPlainKeys(readFileSync(path, 'utf8'));
  return path.includes('client-dynamodb') ? withoutErrors(schemas) : schemas;
}

/** Leaves DynamoDB's errors of administration unregistered. One that is met all the same has its name, but no class of its own. */
function withoutErrors(schemas: string): string {
  return schemas.replace(/^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm, (line, name) =>
    errorsOfItems.has(name) ? line : '',
  );
}

/** Replaces names of constants in computed keys by their values, because esbuild keeps every schema that has a computed key. */
function withPlainKeys(schemas: string): string {
  const constants = new Map(
    [...schemas.matchAll(/^const (\w+) = ("[^"]*");$/gm)].map(([, name, value]) => [name, value]),
  );
  return schemas.replace(/\[(_\w+)\]:/g, (key, name) => (constants.has(name) ? `${constants.get(name)}:` : key));
}
