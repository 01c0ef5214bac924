import { fromEnv } from '@aws-sdk/credential-provider-env';

/** Stands in the bundles for the SDK's default credential chain, of which a Lambda function uses the first link only. */
export const defaultProvider = fromEnv;
