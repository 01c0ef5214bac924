// What bundles have in place of parts of the SDK that no Lambda function of ours uses (infra/standIns.ts names the parts).

function leftOut(): never {
  throw new Error('this part of the SDK is left out of bundles');
}

/** No request that is made sends or receives a stream of events. */
export const EventStreamSerde = leftOut;
export const eventStreamSerdeProvider = leftOut;

/** Every signature needs one to be made, and only signatures of events use it. */
export class HeaderFormatter {}

/** Every client of DynamoDB makes one. It is filled where a command discovers its endpoint, and no command of DynamoDB does. */
export class EndpointCache {}

/** The clients retry in the standard way. */
export const AdaptiveRetryStrategy = leftOut;

/** Node can hash by itself. */
export const Sha256Js = leftOut;

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
  return { url: new URL(Endpoint ?? `https://dynamodb.${Region}.${suffix}`) };
}
