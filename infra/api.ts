import { countAlarm } from '#infra/alarms.ts';
import { attribute, ids, param, type Resources, ref, type Template } from '#infra/names.ts';

/** What the access log says of a request: never its query, which has signatures and parameters, nor any header. */
export const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
});

/** The API's own name, where a certificate for it is given, and an alarm on faults that no function saw. */
export function api(): Resources {
  return {
    ApiDomain: {
      Type: 'AWS::ApiGatewayV2::DomainName',
      Condition: 'HasDomain',
      Properties: {
        DomainName: param('domain'),
        DomainNameConfigurations: [
          { CertificateArn: param('certificate'), EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
        ],
      },
    },
    ApiMapping: {
      Type: 'AWS::ApiGatewayV2::ApiMapping',
      Condition: 'HasDomain',
      Properties: { ApiId: ref(ids.httpApi), DomainName: ref('ApiDomain'), Stage: ref(ids.httpApiStage) },
    },
    ApiAlarm: countAlarm({
      says: 'The API answers with faults.',
      metric: ['AWS/ApiGateway', '5xx', 'Sum'],
      dimensions: { ApiId: ref(ids.httpApi), Stage: '$default' },
      above: 0,
    }),
  };
}

/** What a DNS record for the API's own name has to point at. */
export function apiOutputs(): Template {
  const domain = (name: string) => ({ Condition: 'HasDomain', Value: attribute('ApiDomain', name) });
  return { DomainTarget: domain('RegionalDomainName'), DomainTargetZone: domain('RegionalHostedZoneId') };
}

/** What serverless has no setting for: how much the API lets through, and whether it answers at execute-api too. */
export function apiExtensions(): Template {
  return {
    [ids.httpApi]: { Properties: { DisableExecuteApiEndpoint: param('onlyAtDomain') } },
    [ids.httpApiStage]: {
      Properties: {
        DefaultRouteSettings: {
          ThrottlingRateLimit: param('requestsPerSecond'),
          ThrottlingBurstLimit: param('requestBurst'),
        },
      },
    },
  };
}
