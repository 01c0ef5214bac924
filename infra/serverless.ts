import type { Deployed } from '#infra/deployed.ts';
import { environmentOf, limits, pathOf } from '#infra/handlers.ts';
import { param, type Template } from '#infra/names.ts';
import { roleId } from '#infra/roles.ts';

const told = { masterKey: { MASTER_KEY_PARAMETER: param('masterKeyParameter') }, eventBus: param('eventBus') };

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
    timeout: limits[trigger.kind].timeout,
    package: { patterns: ['!**', `.build/${name}.mjs`] },
    environment: environmentOf(deployed, told),
    events: eventsOf(deployed),
  };
}

function eventsOf(deployed: Deployed): Template[] {
  const { trigger } = deployed;
  // `*` is the API's `$default` route: where no path is known, the dialect answers, and not the API.
  if (trigger.kind === 'door') return [{ httpApi: '*' }];
  if (trigger.kind === 'operation') return [{ httpApi: { method: '*', path: pathOf(deployed) ?? '' } }];
  return trigger.kind === 'schedule' ? [{ schedule: { rate: [limits.schedule.rate] } }] : [];
}
