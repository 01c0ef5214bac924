import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Replaces the SDK's default credential chain in bundles: Lambda functions find their credentials in the environment.
 */
export const defaultProvider = fromEnv;
