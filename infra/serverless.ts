import { filesOf } from '#infra/bundle.ts';
import type { Deployed } from '#infra/deployed.ts';
import { type EnvironmentValues, environmentOf, pathOf, rateOf, timeoutsS } from '#infra/handlers.ts';
import { param, type Template } from '#infra/names.ts';
import { roleId } from '#infra/roles.ts';

const values: EnvironmentValues = {
  masterKey: { MASTER_KEY_PARAMETER: param('masterKeyParameter') },
  eventBus: param('eventBus'),
};

/** The functions as serverless reads them: each its own bundle, its own role, its own way in. */
export function serverlessFunctions(all: readonly Deployed[]): Template {
  return Object.fromEntries(all.map((deployed) => [deployed.key, serverlessFunction(deployed)]));
}

function serverlessFunction(deployed: Deployed): Template {
  const { name, trigger } = deployed;
  return {
    handler: `.build/${name}.handler`,
    description: `Tributary: ${name}`,
    role: roleId(deployed),
    timeout: timeoutsS[trigger.kind],
    package: { patterns: ['!**', ...filesOf(deployed).map((file) => `.build/${file}`)] },
    environment: environmentOf(deployed, values),
    events: eventsOf(deployed),
  };
}

function eventsOf(deployed: Deployed): Template[] {
  const { trigger } = deployed;
  // `*` is the API's `$default` route: where no path is known, the dialect answers, and not the API.
  if (trigger.kind === 'door') return [{ httpApi: '*' }];
  if (trigger.kind === 'operation') return [{ httpApi: { method: '*', path: pathOf(deployed) ?? '' } }];
  const rate = rateOf(deployed);
  return rate === undefined ? [] : [{ schedule: { rate: [rate] } }];
}
