// What bundles have in place of parts of the SDK that no Lambda function of ours uses (infra/standIns.ts names the parts).

/** In place of what is never called. */
export function leftOut(): never {
  throw new Error('this part of the SDK is left out of bundles');
}

/** The client of DynamoDB makes one, and is given a protocol that has none. */
export class DynamoDBJsonCodec2 {}

/** Every signature needs one to be made, and only signatures of events use it. */
export class HeaderFormatter {}

/** No command of DynamoDB discovers its endpoint any more. */
export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { default: undefined };

/** Credentials of a function do not say their account, so no endpoint is made of it. The mode is told to DynamoDB as by default. */
export function resolveAccountIdEndpointModeConfig<Config extends object>(config: Config): Config {
  return Object.assign(config, { accountIdEndpointMode: async () => 'preferred' });
}
export const NODE_ACCOUNT_ID_ENDPOINT_MODE_CONFIG_OPTIONS = { default: 'preferred' };

/** No function sets another mode of defaults. */
export const resolveDefaultsModeConfig = () => async () => 'legacy' as const;

/** Which version of Node runs a function is decided where it is deployed. */
export const state = { warningEmitted: true };
export const emitWarningIfUnsupportedVersion = (): void => undefined;

/** No client is given extensions. */
export const resolveRuntimeExtensions = <Config>(config: Config): Config => config;

/** The services never say when to try again. If a proxy in front of one does, the retry comes when it would after any failure. */
export const parseRetryAfterHeader = (): void => undefined;

/** The clients have no log. */
export const getLoggerPlugin = () => ({ applyToStack: (): void => undefined });

/** A process of Lambda serves one call at a time, whose trace is in its environment; so it is where no store is found. */
export class InvokeStoreBase {}
export const InvokeStore = { getInstanceAsync: async (): Promise<undefined> => undefined };

/** The region of a function is in its environment, so none asks the machine that it runs on. */
export async function getInstanceMetadataRegion(): Promise<undefined> {
  return undefined;
}

/** A function has no home folder with configuration. What is looked for there has its default, as when the files are missing. */
export async function loadSharedConfigFiles() {
  return { configFile: {}, credentialsFile: {} };
}

/** Separates the parts of a section's name in these files. */
export const CONFIG_PREFIX_SEPARATOR = '.';

/** What the SDK asks the address of DynamoDB by. */
interface Asked {
  readonly Region?: string;
  readonly Endpoint?: string;
  readonly UseFIPS?: boolean;
  readonly UseDualStack?: boolean;
}

/** The address of DynamoDB without the SDK's rules for every partition and kind of address. Throws for FIPS and dual stack, which no function uses. */
export function defaultEndpointResolver({ Endpoint, Region = '', UseDualStack, UseFIPS }: Asked): { url: URL } {
  if (UseFIPS || UseDualStack) throw new Error('neither FIPS nor dual stack is supported');
  const suffix = Region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const address = Endpoint ?? `https://dynamodb.${Region}.${suffix}`;
  if (latest?.address !== address) latest = { address, resolved: { url: new URL(address) } };
  return latest.resolved;
}

/** A function asks for one address, again and again. */
let latest: { readonly address: string; readonly resolved: { url: URL } } | undefined;
