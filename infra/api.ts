import { countAlarm } from '#infra/alarms.ts';
import { attribute, ids, param, type Resources, ref, type Template } from '#infra/names.ts';

/** The fields of the access log. Query and headers are left out, because they carry signatures and parameters. */
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

/** A domain name if a certificate is given, and an alarm for faults that no function saw. */
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

/** Where the DNS record of the domain name has to point. */
export function apiOutputs(): Template {
  const domain = (name: string) => ({ Condition: 'HasDomain', Value: attribute('ApiDomain', name) });
  return { DomainTarget: domain('RegionalDomainName'), DomainTargetZone: domain('RegionalHostedZoneId') };
}

/** Settings that serverless does not know: request limits, and whether the API answers at execute-api too. */
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
