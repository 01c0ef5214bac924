import { alarmTopic, functionAlarms } from '#infra/alarms.ts';
import { accessLogFormat, api, apiExtensions, apiOutputs } from '#infra/api.ts';
import type { Deployed } from '#infra/deployed.ts';
import { exportName, ids, imported, param, type Resource, type Resources, ref, type Template } from '#infra/names.ts';
import { roles } from '#infra/roles.ts';
import { concurrencyConditions, serverlessFunctions } from '#infra/serverlessFunctions.ts';
import { stream } from '#infra/stream.ts';
import { tableResource } from '#infra/table.ts';

/** A CloudFormation stack of a stage: the core, with what the products share, or one product. */
export interface Stack {
  readonly name: string;
  readonly functions: readonly Deployed[];
}

/** A stack as serverless.yml includes it. */
export interface StackFile extends Template {
  /** The suffix of its names. */
  readonly suffix: string;
  readonly functions: Template;
  readonly resources: Template;
}

export const coreName = 'core';

/** The product of a function; undefined for workers and the door. */
export function productOf({ trigger }: Deployed): string | undefined {
  if (trigger.kind === 'page') return trigger.page.product;
  return trigger.kind === 'operation' ? trigger.operation.product.name : undefined;
}

/** The stacks in the order of deployment: the core first, because the others import from it. */
export function stacksOf(all: readonly Deployed[]): Stack[] {
  const products = new Set(all.flatMap((deployed) => productOf(deployed) ?? []));
  return [
    { name: coreName, functions: all.filter((deployed) => productOf(deployed) === undefined) },
    ...[...products].map((name) => ({ name, functions: all.filter((deployed) => productOf(deployed) === name) })),
  ];
}

/**
 * Renders a stack. `all` are the functions of all stacks, because the door in the core may do what any operation does.
 */
export function stackFile({ name, functions }: Stack, all: readonly Deployed[]): StackFile {
  return name === coreName ? coreFile(functions, all) : productFile(name, functions, all);
}

/** All functions as one stack, for serverless-offline, which ignores resources. */
export function localFile(all: readonly Deployed[]): StackFile {
  return {
    suffix: '',
    tags: tagsOf('local', 'all'),
    logs: {},
    httpApi: { payload: '2.0' },
    functions: serverlessFunctions(all),
    resources: { Conditions: concurrencyConditions(all) },
  };
}

function coreFile(functions: readonly Deployed[], all: readonly Deployed[]): StackFile {
  const tags = tagsOf(coreName, 'all');
  return {
    suffix: '',
    tags,
    products: [...new Set(all.flatMap((deployed) => productOf(deployed) ?? []))],
    logs: { httpApi: { format: accessLogFormat } },
    httpApi: { payload: '2.0' },
    functions: serverlessFunctions(functions),
    resources: {
      Conditions: {
        HasDomain: isGiven('domain'),
        HasAlarmMail: isGiven('alarmMail'),
        HasLinkBaseUrl: isGiven('linkBaseUrl'),
        HasSmtp: isGiven('smtpUrlParameter'),
        HasOwnTable: { 'Fn::Equals': [param('table'), param('ownTable')] },
        ...concurrencyConditions(functions),
      },
      Resources: tagged(
        {
          ...tableResource(),
          ...roles(functions, all),
          ...stream(functions),
          ...alarmTopic(),
          ...functionAlarms(functions, ref(ids.alarmTopic)),
          ...api(),
        },
        tags,
      ),
      Outputs: {
        TableName: { Value: param('table') },
        [ids.alarmTopic]: { Value: ref(ids.alarmTopic), Export: { Name: exportName(ids.alarmTopic) } },
        ...apiOutputs(),
      },
      extensions: apiExtensions(),
    },
  };
}

function productFile(product: string, functions: readonly Deployed[], all: readonly Deployed[]): StackFile {
  const tags = tagsOf(product, product);
  return {
    suffix: `-${product}`,
    tags,
    logs: {},
    httpApi: { id: imported('HttpApiId') },
    functions: serverlessFunctions(functions),
    resources: {
      Conditions: concurrencyConditions(functions),
      Resources: tagged({ ...roles(functions, all), ...functionAlarms(functions, imported(ids.alarmTopic)) }, tags),
      // Serverless would export it under the same name as the core's bucket.
      Outputs: {
        ServerlessDeploymentBucketName: {
          Value: ref('ServerlessDeploymentBucket'),
          Export: { Name: `tributary-\${sls:stage}-${product}-deployment-bucket` },
        },
      },
    },
  };
}

function isGiven(name: string): Template {
  return { 'Fn::Not': [{ 'Fn::Equals': [param(name), ''] }] };
}

type Tags = Readonly<Record<string, string>>;

function tagsOf(stack: string, product: string): Tags {
  return { service: 'tributary', stage: `\${sls:stage}`, stack, product };
}

/** Resources that can have tags and are not made by serverless, and how their type writes them. */
const tagForms: Readonly<Record<string, 'list' | 'map'>> = {
  'AWS::ApiGatewayV2::DomainName': 'map',
  'AWS::CloudWatch::Alarm': 'list',
  'AWS::DynamoDB::Table': 'list',
  'AWS::IAM::Role': 'list',
  'AWS::Lambda::EventSourceMapping': 'list',
  'AWS::SNS::Topic': 'list',
  'AWS::SQS::Queue': 'list',
};

function tagged(resources: Resources, tags: Tags): Resources {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const withTags = (resource: Resource): Resource => {
    const form = tagForms[resource.Type];
    if (form === undefined) return resource;
    return { ...resource, Properties: { ...resource.Properties, Tags: form === 'list' ? list : tags } };
  };
  return Object.fromEntries(Object.entries(resources).map(([id, resource]) => [id, withTags(resource)]));
}
