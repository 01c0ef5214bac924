// Stands in the bundles for the SDK's default credential chain, of which a Lambda function uses the first link only.
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
