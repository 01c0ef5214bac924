import { orNearest } from '#infra/local/closest.ts';
import { StartError } from '#infra/local/startError.ts';
import { itemKinds } from '#lib/domain/governance/catalogue.ts';

/** Throws `StartError` of what the environment sets that would otherwise be passed over, or come to light at the first call. */
export function checkEnvironment(env: NodeJS.ProcessEnv): void {
  const { DYNAMODB_ENDPOINT, TRIBUTARY_LOG, TRIBUTARY_PROVISIONED_ITEMS, TRIBUTARY_SMTP_URL } = env;
  if (TRIBUTARY_LOG && TRIBUTARY_LOG !== 'calls') {
    throw new StartError(`TRIBUTARY_LOG must be calls, or not set, not ${TRIBUTARY_LOG}.`);
  }
  checkAddress('DYNAMODB_ENDPOINT', DYNAMODB_ENDPOINT, ['http:', 'https:'], 'http://127.0.0.1:8000');
  checkAddress('TRIBUTARY_SMTP_URL', TRIBUTARY_SMTP_URL, ['smtp:', 'smtps:'], 'smtp://127.0.0.1:1025');
  const items = itemKinds.map(({ name }) => name);
  for (const name of (TRIBUTARY_PROVISIONED_ITEMS ?? '').split(',').map((one) => one.trim())) {
    if (name === '' || items.includes(name)) continue;
    const sentence = `TRIBUTARY_PROVISIONED_ITEMS names ${name}, and the items are ${items.join(', ')}`;
    throw new StartError(orNearest(sentence, name, items));
  }
}

function checkAddress(name: string, given: string | undefined, protocols: readonly string[], example: string): void {
  if (!given || (URL.canParse(given) && protocols.includes(new URL(given).protocol))) return;
  throw new StartError(`${name} must be an address such as ${example}, not ${given}.`);
}
