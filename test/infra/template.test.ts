import { beforeAll, describe, expect, test } from 'vitest';
import { type Deployed, deployedFunctions, functionId, logicalId } from '#infra/deployed.ts';
import { pathOf } from '#infra/handlers.ts';
import { grantsOf } from '#test/infra/grants.ts';
import { type Packaged, packaged, type Resource, statementsOf } from '#test/infra/packaged.ts';

const RESOURCE_LIMIT = 500;
/** What the next operations need: below it, products have to become stacks of their own. */
const LEAST_MARGIN = 60;

/** The only places where a wildcard stands, and why. */
const wildcards: Readonly<Record<string, string>> = {
  'xray:PutTraceSegments *': 'X-Ray knows no resources',
  'xray:PutTelemetryRecords *': 'X-Ray knows no resources',
  'kms:Decrypt key/*':
    'the key of the parameter is whichever it was encrypted with; bound to that parameter, through SSM',
};

const all: readonly Deployed[] = await deployedFunctions();
const operations = all.filter(({ trigger }) => trigger.kind === 'operation');
let prod: Packaged;
let dev: Packaged;

beforeAll(() => {
  dev = packaged('dev', ['table=tributary-restored', 'tableStream=arn:aws:dynamodb:stream/s']);
  prod = packaged('prod', ['domain=api.example.com', 'certificate=arn:aws:acm:us-east-1:1:certificate/c']);
});

function resource(id: string): Resource {
  const found = prod.resources[id];
  if (found === undefined) throw new Error(`the template has no ${id}`);
  return found;
}

const statements = (deployed: Deployed) => statementsOf(resource(`${logicalId(deployed)}Role`));
const actionsOf = (deployed: Deployed) => statements(deployed).flatMap(({ actions }) => actions);

describe.each(all.map((deployed) => [deployed.name, deployed] as const))('%s', (name, deployed) => {
  test('is a function of its own bundle, traced, on the runtime we target', () => {
    const { Environment, ...properties } = resource(functionId(deployed)).Properties;
    expect(Environment.Variables.TABLE_NAME).toBe('tributary-prod');
    expect(properties).toMatchObject({
      Handler: `.build/${name}.handler`,
      Runtime: 'nodejs22.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('is told of the master key, and may read it, only if it serves calls', () => {
    const servesCalls = !name.startsWith('workers/');
    const { MASTER_KEY_PARAMETER } = resource(functionId(deployed)).Properties.Environment.Variables;
    expect(MASTER_KEY_PARAMETER).toBe(servesCalls ? '/tributary/prod/master-key' : undefined);
    const secrets = actionsOf(deployed).filter((action) => /^(ssm|kms):/.test(action));
    expect(secrets).toEqual(servesCalls ? ['ssm:GetParameter', 'kms:Decrypt'] : []);
  });

  test('has a role that no other function has', () => {
    const Role = { 'Fn::GetAtt': [`${logicalId(deployed)}Role`, 'Arn'] };
    expect(resource(functionId(deployed)).Properties.Role).toEqual(Role);
    const sharing = prod
      .ofType('AWS::Lambda::Function')
      .filter((id) => JSON.stringify(resource(id).Properties.Role) === JSON.stringify(Role));
    expect(sharing).toEqual([functionId(deployed)]);
  });

  test('has a log that is kept for a time, and may write no other', () => {
    const log = `${logicalId(deployed)}LogGroup`;
    expect(resource(log).Properties).toMatchObject({ RetentionInDays: 90 });
    const toLogs = statements(deployed).filter(({ actions }) => actions.some((action) => action.startsWith('logs:')));
    expect(toLogs).toMatchObject([{ resources: [JSON.stringify({ 'Fn::GetAtt': [log, 'Arn'] })] }]);
  });

  test('has an alarm each on errors, throttles and faults of its own, which tells someone', () => {
    const own = [{ Name: 'FunctionName', Value: { Ref: functionId(deployed) } }];
    const rings = (kind: string) => resource(`${logicalId(deployed)}${kind}Alarm`).Properties;
    const always = { Statistic: 'Sum', Threshold: 0, TreatMissingData: 'notBreaching' };
    const tells = { ...always, AlarmActions: [{ Ref: 'AlarmTopic' }] };
    const ofLambda = { ...tells, Namespace: 'AWS/Lambda', Dimensions: own };
    expect(rings('Errors')).toMatchObject({ ...ofLambda, MetricName: 'Errors' });
    expect(rings('Throttles')).toMatchObject({ ...ofLambda, MetricName: 'Throttles' });
    if (deployed.trigger.kind !== 'operation') return;
    const { action, product } = deployed.trigger.operation;
    const Dimensions = [
      { Name: 'product', Value: product.name },
      { Name: 'action', Value: action },
    ];
    expect(rings('Faults')).toMatchObject({
      ...tells,
      Namespace: 'Tributary/prod',
      MetricName: 'faults',
      Dimensions,
    });
  });

  test('may do nothing by a wildcard but what is listed', () => {
    const found = statements(deployed).flatMap(({ actions, resources }) =>
      actions.flatMap((action) =>
        resources
          .map((text) => `${action} ${/key\/\*|\*$/.exec(text)?.[0] ?? text}`)
          .filter((text) => text.includes('*')),
      ),
    );
    expect(found.filter((text) => wildcards[text] === undefined)).toEqual([]);
  });
});

describe.each(operations.map((deployed) => [deployed.name, deployed] as const))('the operation %s', (_, deployed) => {
  test('has one route, to its function', () => {
    const routes = prod
      .ofType('AWS::ApiGatewayV2::Route')
      .map((id) => resource(id).Properties)
      .filter(({ RouteKey }) => RouteKey === `ANY ${pathOf(deployed)}`);
    expect(routes).toHaveLength(1);
    const integration = /HttpApiIntegration\w+/.exec(JSON.stringify(routes[0].Target))?.[0] ?? '';
    expect(resource(integration).Properties).toMatchObject({
      PayloadFormatVersion: '2.0',
      IntegrationUri: { 'Fn::GetAtt': [functionId(deployed), 'Arn'] },
    });
  });

  test('may write only if it does, and never delete or scan', () => {
    const effect = deployed.trigger.kind === 'operation' ? deployed.trigger.operation.effect : undefined;
    const onTable = actionsOf(deployed).filter((action) => action.startsWith('dynamodb:'));
    const reading = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
    const writing = ['dynamodb:ConditionCheckItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
    const allowed = effect === 'write' ? [...reading, ...writing] : reading;
    expect(onTable.filter((action) => !allowed.includes(action))).toEqual([]);
    expect(onTable.includes('dynamodb:PutItem')).toBe(effect === 'write');
  });

  test('is bound to the keys it has to do with; only two may write access keys', () => {
    const grants = grantsOf(resource(`${logicalId(deployed)}Role`));
    const written = grants.filter(({ action }) => action === 'PutItem' || action === 'UpdateItem');
    const isOfKeys = ['operator/IssueAccessKey', 'operator/RevokeAccessKey'].includes(deployed.name);
    expect(written.some(({ pattern }) => pattern === 'KEY#*')).toBe(isOfKeys);
  });
});

describe('the door', () => {
  test('is every path that no operation has, by any method', () => {
    const routes = prod.ofType('AWS::ApiGatewayV2::Route').map((id) => resource(id).Properties);
    expect(routes).toHaveLength(operations.length + 1);
    const target = routes.find(({ RouteKey }) => RouteKey === '$default')?.Target;
    expect(JSON.stringify(target)).toContain('HttpApiIntegrationRpc');
  });
});

describe('the workers', () => {
  const named = (name: string) => all.filter((deployed) => deployed.name === `workers/${name}`);
  const grants = (name: string) => named(name).flatMap(statements);

  test('the one that expires invitations reaches only the table and its index', () => {
    const onTable = grants('expireInvitations').filter(({ actions }) => actions[0]?.startsWith('dynamodb:'));
    const arn = (path: string) =>
      JSON.stringify({ 'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/${path}` });
    const bound = (action: string, path: string, pattern: string) => ({
      actions: [`dynamodb:${action}`],
      resources: [arn(path)],
      condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [pattern] } },
    });
    expect(onTable).toEqual([
      bound('PutItem', 'tributary-prod', 'RELATION#*'),
      bound('UpdateItem', 'tributary-prod', 'RELATION#*'),
      bound('Query', 'tributary-prod/index/due', 'DUE#*'),
    ]);
    const others = grants('expireInvitations').flatMap(({ actions }) => actions);
    const services = new Set(others.map((action) => action.split(':')[0]));
    expect([...services].sort()).toEqual(['dynamodb', 'logs', 'xray']);
  });

  test('it runs every five minutes', () => {
    expect(prod.ofType('AWS::Events::Rule').map((id) => resource(id).Properties)).toMatchObject([
      {
        ScheduleExpression: 'rate(5 minutes)',
        State: 'ENABLED',
        Targets: [{ Arn: { 'Fn::GetAtt': ['WorkersExpireInvitationsLambdaFunction', 'Arn'] } }],
      },
    ]);
  });

  test('the one that publishes gets new events only, part by part, until they are old, then the dead letters get them', () => {
    const mappings = prod.ofType('AWS::Lambda::EventSourceMapping').map((id) => resource(id).Properties);
    expect(mappings).toMatchObject([
      {
        FunctionName: { Ref: 'WorkersPublishEventsLambdaFunction' },
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRecordAgeInSeconds: 43_200,
        MaximumRetryAttempts: -1,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] } } },
      },
    ]);
    expect(JSON.parse(mappings[0].FilterCriteria.Filters[0].Pattern)).toEqual({
      eventName: ['INSERT'],
      dynamodb: { NewImage: { type: { S: ['event'] } } },
    });
  });

  test.each([
    ['WorkersExpireInvitationsOverdueAlarm', 'Tributary/prod', 'oldestOverdueMs', 'breaching'],
    ['WorkersPublishEventsLambdaFunctionIllegibleAlarm', 'Tributary/prod', 'illegible', 'notBreaching'],
    ['WorkersPublishEventsLambdaFunctionLateAlarm', 'AWS/Lambda', 'IteratorAge', 'notBreaching'],
    ['DeadLettersAlarm', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'notBreaching'],
    ['ApiAlarm', 'AWS/ApiGateway', '5xx', 'notBreaching'],
  ])('%s watches %s %s', (id, Namespace, MetricName, TreatMissingData) => {
    expect(resource(id).Properties).toMatchObject({ Namespace, MetricName, TreatMissingData });
  });
});

describe('the table', () => {
  test('is kept, protected, encrypted and can be restored to any second', () => {
    expect(resource('Table')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: 'tributary-prod',
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      },
    });
    expect(dev.resources['Table']).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  test('has an index for every one that a role names', () => {
    const indexes = resource('Table').Properties.GlobalSecondaryIndexes.map(({ IndexName }: Resource['Properties']) =>
      String(IndexName),
    );
    const named = new Set([...prod.text.matchAll(/table\/tributary-prod\/index\/(\w+)/g)].map(([, index]) => index));
    expect([...named].sort()).toEqual([...indexes].sort());
  });
});

describe('the API', () => {
  test('lets through so much and no more, and logs neither query nor header', () => {
    const { AccessLogSettings, DefaultRouteSettings } = resource('HttpApiStage').Properties;
    expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 });
    expect(Object.values(JSON.parse(AccessLogSettings.Format))).toEqual([
      '$context.requestId',
      '$context.requestTime',
      '$context.identity.sourceIp',
      '$context.httpMethod',
      '$context.path',
      '$context.routeKey',
      '$context.status',
      '$context.responseLatency',
      '$context.integrationErrorMessage',
    ]);
    expect(resource('HttpApiLogGroup').Properties.RetentionInDays).toBe(90);
  });

  test('has a name of its own where one is given', () => {
    expect(resource('ApiDomain')).toMatchObject({
      Condition: 'HasDomain',
      Properties: { DomainName: 'api.example.com' },
    });
    const target = { 'Fn::GetAtt': ['ApiDomain', 'RegionalDomainName'] };
    expect(JSON.parse(prod.text).Outputs.DomainTarget).toMatchObject({ Condition: 'HasDomain', Value: target });
    expect(JSON.parse(dev.text).Conditions.HasDomain).toEqual({ 'Fn::Not': [{ 'Fn::Equals': ['', ''] }] });
  });
});

test('another table can be put in the place of the one that was damaged', () => {
  const [mapping = ''] = dev.ofType('AWS::Lambda::EventSourceMapping');
  expect(JSON.stringify(dev.resources[mapping])).toContain('arn:aws:dynamodb:stream/s');
  expect(JSON.parse(dev.text).Conditions.HasOwnTable).toEqual({
    'Fn::Equals': ['tributary-restored', 'tributary-dev'],
  });
  const functions = dev.ofType('AWS::Lambda::Function').map((id) => dev.resources[id]?.Properties);
  for (const { Environment } of functions) expect(Environment.Variables.TABLE_NAME).toBe('tributary-restored');
  for (const id of dev.ofType('AWS::IAM::Role')) {
    expect(JSON.stringify(dev.resources[id])).not.toContain('table/tributary-dev');
  }
});

test("a stage's metrics are its own, where its functions count and where its alarms look", () => {
  for (const [stage, { resources }] of Object.entries({ dev, prod })) {
    const found = Object.values(resources).flatMap(({ Properties }) => [
      ...(Properties.Environment ? [Properties.Environment.Variables.METRIC_NAMESPACE] : []),
      ...(String(Properties.Namespace).startsWith('Tributary') ? [Properties.Namespace] : []),
    ]);
    expect(new Set(found)).toEqual(new Set([`Tributary/${stage}`]));
  }
});

test('nothing names an account, and no secret stands in the template', () => {
  expect(prod.text).not.toMatch(/\b\d{12}\b(?!\d|-)/);
  expect(prod.text).not.toMatch(/[0-9a-f]{64}/);
});

test('the stack has room for what comes next', () => {
  const count = Object.keys(prod.resources).length;
  const margin = RESOURCE_LIMIT - count;
  process.stdout.write(`stack: ${count} resources of ${RESOURCE_LIMIT}, ${margin} to spare\n`);
  expect(margin).toBeGreaterThan(LEAST_MARGIN);
});
