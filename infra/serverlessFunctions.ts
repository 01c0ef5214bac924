import { filesOf } from '#infra/bundle.ts';
import type { Deployed, Trigger } from '#infra/deployed.ts';
import { environmentOf, pathOf, rateOf, timeoutsS } from '#infra/handlers.ts';
import { ids, param, ref, sub, type Template, type Value } from '#infra/names.ts';
import type { NeedValues } from '#infra/needs.ts';
import { roleId } from '#infra/roles.ts';

/** Where the API answers: as the stage says, else at its domain, if it has one. */
const apiUrl: Value = {
  'Fn::If': [
    'HasLinkBaseUrl',
    param('linkBaseUrl'),
    {
      'Fn::If': [
        'HasDomain',
        `https://${param('domain')}`,
        sub(`https://\${${ids.httpApi}}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}`),
      ],
    },
  ],
};

const values: NeedValues = {
  masterKey: { MASTER_KEY_PARAMETER: param('masterKeyParameter') },
  eventBus: param('eventBus'),
  mailFrom: param('mailFrom'),
  linkBaseUrl: apiUrl,
  smtpUrlParameter: param('smtpUrlParameter'),
  provisionedItems: param('provisionedItems'),
};

/** The parameters that limit how many calls a function handles at once, and the conditions that they are given. */
const caps: Readonly<Record<Trigger['kind'], readonly [parameter: string, isGiven: string]>> = {
  operation: ['operationConcurrency', 'HasOperationConcurrency'],
  page: ['operationConcurrency', 'HasOperationConcurrency'],
  door: ['doorConcurrency', 'HasDoorConcurrency'],
  schedule: ['workerConcurrency', 'HasWorkerConcurrency'],
  stream: ['workerConcurrency', 'HasWorkerConcurrency'],
};

/** The functions as serverless reads them, each with its own bundle, role and trigger. */
export function serverlessFunctions(functions: readonly Deployed[]): Template {
  return Object.fromEntries(functions.map((deployed) => [deployed.key, serverlessFunction(deployed)]));
}

/** The conditions for these limits. */
export function concurrencyConditions(functions: readonly Deployed[]): Template {
  return Object.fromEntries(
    functions.map(({ trigger }) => {
      const [parameter, isGiven] = caps[trigger.kind];
      return [isGiven, { 'Fn::Not': [{ 'Fn::Equals': [param(parameter), ''] }] }];
    }),
  );
}

function serverlessFunction(deployed: Deployed): Template {
  const { key, name, trigger } = deployed;
  const [parameter, isGiven] = caps[trigger.kind];
  return {
    name: `tributary-\${sls:stage}-${key}`,
    handler: `.build/${name}.handler`,
    description: `Tributary: ${name}`,
    role: roleId(deployed),
    timeout: timeoutsS[trigger.kind],
    reservedConcurrency: { 'Fn::If': [isGiven, param(parameter), ref('AWS::NoValue')] },
    package: { patterns: ['!**', ...filesOf(deployed).map((file) => `.build/${file}`)] },
    environment: environmentOf(deployed, values),
    events: eventsOf(deployed),
  };
}

function eventsOf(deployed: Deployed): Template[] {
  const { trigger } = deployed;
  // `*` is the API's default route. The door answers unknown paths in the caller's dialect, which the API could not.
  if (trigger.kind === 'door') return [{ httpApi: '*' }];
  const path = pathOf(deployed);
  if (path !== undefined) return [{ httpApi: { method: '*', path } }];
  const rate = rateOf(deployed);
  return rate === undefined ? [] : [{ schedule: { rate: [rate] } }];
}
