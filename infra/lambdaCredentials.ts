import { fromEnv } from '@aws-sdk/credential-provider-env';

/** Replaces the SDK's default credential chain in the bundles: a Lambda function finds its credentials in the environment. */
export const defaultProvider = fromEnv;
