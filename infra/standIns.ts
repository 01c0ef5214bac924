import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

const core = '@smithy/core/dist-es/submodules';

/** The modules of the SDK that bundles leave out, and what they have of `infra/leftOut.ts` in place of each. */
export const standIns: Readonly<Record<string, readonly string[]>> = {
  [`${core}/event-streams/index.js`]: ['leftOut as EventStreamSerde', 'leftOut as eventStreamSerdeProvider'],
  [`${core}/retry/util-retry/AdaptiveRetryStrategy.js`]: ['leftOut as AdaptiveRetryStrategy'],
  [`${core}/checksum/sha256/Sha256Js.js`]: ['leftOut as Sha256Js'],
  [`${core}/config/config-resolver/regionConfig/getInstanceMetadataRegion.js`]: ['getInstanceMetadataRegion'],
  [`${core}/config/shared-ini-file-loader/loadSharedConfigFiles.js`]: [
    'loadSharedConfigFiles',
    'CONFIG_PREFIX_SEPARATOR',
  ],
  '@smithy/signature-v4/dist-es/HeaderFormatter.js': ['HeaderFormatter'],
  '@aws-sdk/client-dynamodb/dist-es/endpoint/endpointResolver.js': ['defaultEndpointResolver'],
  [`${core}/endpoints/middleware-endpoint/service-customizations/s3.js`]: [
    'leftOut as resolveParamsForS3',
    'leftOut as DOT_PATTERN',
    'leftOut as S3_HOSTNAME_PATTERN',
    'leftOut as isArnBucketName',
    'leftOut as isDnsCompatibleBucketName',
  ],
  [`${core}/config/defaults-mode/resolveDefaultsModeConfig.js`]: ['resolveDefaultsModeConfig'],
  '@aws-sdk/core/dist-es/submodules/client/emitWarningIfUnsupportedVersion.js': [
    'emitWarningIfUnsupportedVersion',
    'state',
  ],
  '@aws-sdk/core/dist-es/submodules/client/middleware-logger/loggerMiddleware.js': [
    'getLoggerPlugin',
    'leftOut as loggerMiddleware',
    'leftOut as loggerMiddlewareOptions',
  ],
  '@aws-sdk/core/dist-es/submodules/account-id-endpoint/index.js': [
    'resolveAccountIdEndpointModeConfig',
    'NODE_ACCOUNT_ID_ENDPOINT_MODE_CONFIG_OPTIONS',
  ],
  '@aws-sdk/middleware-endpoint-discovery/dist-es/index.js': [
    'resolveEndpointDiscoveryConfig',
    'NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS',
  ],
  [`${core}/client/smithy-client/schemaLogFilter.js`]: ['leftOut as schemaLogFilter'],
  [`${core}/retry/middleware-retry/parseRetryAfterHeader.js`]: [
    'parseRetryAfterHeader',
    'parseRetryAfterHeader as getRetryAfterHint',
  ],
  '@aws-sdk/client-dynamodb/dist-es/runtimeExtensions.js': ['resolveRuntimeExtensions'],
  '@aws-sdk/client-eventbridge/dist-es/runtimeExtensions.js': ['resolveRuntimeExtensions'],
  '@aws-sdk/client-sesv2/dist-es/runtimeExtensions.js': ['resolveRuntimeExtensions'],
  '@aws/lambda-invoke-store/dist-es/invoke-store.js': ['InvokeStore', 'InvokeStoreBase'],
  'hono/dist/utils/body.js': ['leftOut as parseBody'],
  'hono/dist/utils/mount.js': ['leftOut as createMountedRequest'],
  'hono/dist/utils/html.js': ['leftOut as HtmlEscapedCallbackPhase', 'leftOut as resolveCallback'],
  // The table brings a protocol of its own for DynamoDB.
  '@aws-sdk/core/dist-es/submodules/protocols/json/AwsJson1_0Protocol.js': ['leftOut as AwsJson1_0Protocol'],
  '@aws-sdk/dynamodb-codec/dist-es/index.js': ['DynamoDBJsonCodec2'],
  // The table pages by itself.
  '@aws-sdk/lib-dynamodb/dist-es/pagination/index.js': [],
};

/**
 * Leaves out of a bundle what no function uses of the SDK, but esbuild keeps because modules in use import it. The event streams cost
 * most: they are imported dynamically, and esbuild keeps everything that the modules which they import export.
 */
export const withoutUnusedParts: Plugin = {
  name: 'withoutUnusedParts',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]node_modules[/\\](@aws-sdk|@aws|@smithy|hono)[/\\].*\.js$/ }, ({ path }) => {
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
    // The table takes this middleware out of the client again (`unneeded` in lib/table/protocol.ts).
    onLoad({ filter: /[/\\]@aws-sdk[/\\]client-dynamodb[/\\]dist-es[/\\]DynamoDBClient\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(unneededPlugins, ''),
      loader: 'js',
    }));
    // A client reads its own version there, and nothing else.
    onLoad({ filter: /[/\\]@aws-sdk[/\\]client-[\w-]+[/\\]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const unneededPlugins =
  /^ *this\.middlewareStack\.use\(get(UserAgent|RecursionDetection|HostHeader|ContentLength)Plugin\(this\.config\)\);$/gm;

function schemasOf(path: string): string {
  const schemas = withPlainKeys(readFileSync(path, 'utf8'));
  return path.includes('client-dynamodb') ? withoutShapes(schemas) : schemas;
}

/** Leaves DynamoDB's operations their names alone: the table's protocol asks for no more, and makes the errors itself. */
function withoutShapes(schemas: string): string {
  return schemas
    .replace(/= new TypeRegistry\(\w+\);$/gm, '= {};')
    .replace(/^(\w+_registry)\.registerError\(\w+\$, \w+\);$/gm, '')
    .replace(/(\[9, \w+, \w+,\s*\S+,?) \(\) => \w+\$?, \(\) => \w+\$?/g, '$1 "unit", "unit"');
}

/** Replaces names of constants in computed keys by their values, because esbuild keeps every schema that has a computed key. */
function withPlainKeys(schemas: string): string {
  const constants = new Map(
    [...schemas.matchAll(/^const (\w+) = ("[^"]*");$/gm)].map(([, name, value]) => [name, value]),
  );
  return schemas.replace(/\[(_\w+)\]:/g, (key, name) => (constants.has(name) ? `${constants.get(name)}:` : key));
}
