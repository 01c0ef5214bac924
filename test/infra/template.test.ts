import { beforeAll, describe, expect, test } from 'vitest';
import { type Deployed, deployedFunctions, functionId, logicalId } from '#infra/deployed.ts';
import { pathOf } from '#infra/handlers.ts';
import { productOf, stacksOf } from '#infra/stacks.ts';
import { deleting, grantsOf } from '#test/infra/grants.ts';
import { bundled, type Packaged, packaged, type Resource, statementsOf } from '#test/infra/packaged.ts';

/** A quarter below the 500 that CloudFormation allows a stack. */
const RESOURCES = 375;
/** The operations of all five products, and the page of one of them. */
const planned = { bss: 7, billing: 8, operator: 11, directory: 43, governance: 10 };
/** CloudFormation's limit for a template. */
const TEMPLATE_BYTES = 1_000_000;

/** Where wildcards are allowed, and why. */
const wildcards: Readonly<Record<string, string>> = {
  'ses:SendEmail identity/*': 'which identity, a condition says: the address that mails are sent from',
  'xray:PutTraceSegments *': 'X-Ray knows no resources',
  'xray:PutTelemetryRecords *': 'X-Ray knows no resources',
  'kms:Decrypt key/*':
    'the key of the parameter is whichever it was encrypted with; bound to that parameter, through SSM',
};

const all: readonly Deployed[] = await deployedFunctions();
const operations = all.filter(({ trigger }) => trigger.kind === 'operation');
const pages = all.filter(({ trigger }) => trigger.kind === 'page');
let prod: readonly Packaged[];
let dev: Packaged;

beforeAll(async () => {
  await bundled();
  const restored = ['table=tributary-restored', 'tableStream=arn:aws:dynamodb:stream/s', 'workerConcurrency=5'];
  [dev = expect.fail('the core was packaged')] = await packaged('dev', ['core'], restored);
  const domain = ['domain=api.example.com', 'certificate=arn:aws:acm:us-east-1:1:certificate/c', 'onlyAtDomain=true'];
  prod = await packaged(
    'prod',
    stacksOf(all).map(({ name }) => name),
    domain,
  );
});

function resource(id: string): Resource {
  const [found, ...others] = prod.flatMap(({ resources }) => resources[id] ?? []);
  if (found === undefined || others.length > 0)
    throw new Error(`${others.length + 1} templates have ${id}, and not one`);
  return found;
}

function stackNamed(name: string): Packaged {
  return prod.find(({ stack }) => stack === name) ?? expect.fail(`there is the stack ${name}`);
}

const ofType = (type: string) => prod.flatMap((stack) => stack.ofType(type));

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

  test('is told of the master key, and may read it, only if it serves calls or mails links', () => {
    const servesCalls = !/^(workers|pages)\//.test(name) || name === 'workers/outbox';
    const { MASTER_KEY_PARAMETER } = resource(functionId(deployed)).Properties.Environment.Variables;
    expect(MASTER_KEY_PARAMETER).toBe(servesCalls ? '/tributary/prod/master-key' : undefined);
    const secrets = actionsOf(deployed).filter((action) => /^(ssm|kms):/.test(action));
    expect(secrets.toSorted()).toEqual(servesCalls ? ['kms:Decrypt', 'ssm:GetParameter'] : []);
  });

  test('has a role that no other function has', () => {
    const Role = { 'Fn::GetAtt': [`${logicalId(deployed)}Role`, 'Arn'] };
    expect(resource(functionId(deployed)).Properties.Role).toEqual(Role);
    const sharing = ofType('AWS::Lambda::Function').filter(
      (id) => JSON.stringify(resource(id).Properties.Role) === JSON.stringify(Role),
    );
    expect(sharing).toEqual([functionId(deployed)]);
  });

  test('has a log that is kept for a time, and may write no other', () => {
    const log = `${logicalId(deployed)}LogGroup`;
    expect(resource(log).Properties).toMatchObject({ RetentionInDays: 90 });
    const toLogs = statements(deployed).filter(({ actions }) => actions.some((action) => action.startsWith('logs:')));
    expect(toLogs).toMatchObject([{ resources: [JSON.stringify({ 'Fn::GetAtt': [log, 'Arn'] })] }]);
  });

  test('has an alarm each on errors and faults of its own, and on throttles if no API has it, which tells someone', () => {
    const own = [{ Name: 'FunctionName', Value: { Ref: functionId(deployed) } }];
    const rings = (kind: string) => resource(`${logicalId(deployed)}${kind}Alarm`).Properties;
    const always = { Statistic: 'Sum', Threshold: 0, TreatMissingData: 'notBreaching' };
    const isInCore = productOf(deployed) === undefined;
    const topic = isInCore ? { Ref: 'AlarmTopic' } : { 'Fn::ImportValue': 'sls-tributary-prod-AlarmTopic' };
    const tells = { ...always, AlarmActions: [topic], OKActions: [topic] };
    const ofLambda = { ...tells, Namespace: 'AWS/Lambda', Dimensions: own };
    expect(rings('Errors')).toMatchObject({ ...ofLambda, MetricName: 'Errors' });
    const { trigger } = deployed;
    if ('job' in trigger) expect(rings('Throttles')).toMatchObject({ ...ofLambda, MetricName: 'Throttles' });
    else expect(ofType('AWS::CloudWatch::Alarm')).not.toContain(`${logicalId(deployed)}ThrottlesAlarm`);
    if (trigger.kind !== 'operation' && trigger.kind !== 'page') return;
    const [product, action] =
      trigger.kind === 'page'
        ? [trigger.page.product, trigger.page.name]
        : [trigger.operation.product.name, trigger.operation.action];
    const Dimensions = [
      { Name: 'product', Value: product },
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
          .map((text) => `${action} ${/(?:key|identity)\/\*|\*$/.exec(text)?.[0] ?? text}`)
          .filter((text) => text.includes('*')),
      ),
    );
    expect(found.filter((text) => wildcards[text] === undefined)).toEqual([]);
  });
});

describe.each(operations.map((deployed) => [deployed.name, deployed] as const))('the operation %s', (_, deployed) => {
  test('has one route, to its function', () => {
    const routes = ofType('AWS::ApiGatewayV2::Route')
      .map((id) => resource(id).Properties)
      .filter(({ RouteKey }) => RouteKey === `ANY ${pathOf(deployed)}`);
    expect(routes).toHaveLength(1);
    const integration = /HttpApiIntegration\w+/.exec(JSON.stringify(routes[0].Target))?.[0] ?? '';
    expect(resource(integration).Properties).toMatchObject({
      PayloadFormatVersion: '2.0',
      IntegrationUri: { 'Fn::GetAtt': [functionId(deployed), 'Arn'] },
    });
  });

  test('may write only if it does, delete only if that is said, and never scan', () => {
    const effect = deployed.trigger.kind === 'operation' ? deployed.trigger.operation.effect : undefined;
    const onTable = actionsOf(deployed).filter((action) => action.startsWith('dynamodb:'));
    const reading = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
    const removing = deleting[deployed.name] === undefined ? [] : ['dynamodb:DeleteItem'];
    const writing = ['dynamodb:ConditionCheckItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', ...removing];
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

describe('a page', () => {
  test('has one route, in the stack of its product, and a role that knows neither keys nor relations it does not open', () => {
    expect(pages.map(({ name }) => name)).toEqual(['pages/verify']);
    for (const deployed of pages) {
      const stack = stackNamed(productOf(deployed) ?? '');
      const routes = stack.ofType('AWS::ApiGatewayV2::Route').map((id) => resource(id).Properties);
      expect(routes.filter(({ RouteKey }) => RouteKey === `ANY ${pathOf(deployed)}`)).toHaveLength(1);
      const grants = grantsOf(resource(`${logicalId(deployed)}Role`));
      expect(grants.filter(({ action, pattern }) => action === 'DeleteItem' || pattern === 'KEY#*')).toEqual([]);
    }
  });
});

describe('the door', () => {
  test('is every path that no operation has, by any method', () => {
    const routes = ofType('AWS::ApiGatewayV2::Route').map((id) => resource(id).Properties);
    expect(routes).toHaveLength(operations.length + pages.length + 1);
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
    const bound = (action: string, path: string, ...patterns: readonly string[]) => ({
      actions: [`dynamodb:${action}`],
      resources: [arn(path)],
      condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } },
    });
    expect(onTable).toEqual([
      bound('PutItem', 'tributary-prod', 'DELETION#*', 'ENROLMENTSTEP#*', 'EVENTS#*', 'RELATION#*'),
      bound('UpdateItem', 'tributary-prod', 'DELETION#*', 'ENROLMENT#*', 'HANDSHAKE#*', 'RECORD#*', 'RELATION#*'),
      bound('Query', 'tributary-prod/index/due', 'DUE#*'),
    ]);
    const others = grants('expireInvitations').flatMap(({ actions }) => actions);
    const services = new Set(others.map((action) => action.split(':')[0]));
    expect([...services].sort()).toEqual(['dynamodb', 'logs', 'xray']);
  });

  test('it runs every five minutes', () => {
    expect(ofType('AWS::Events::Rule').map((id) => resource(id).Properties)).toMatchObject([
      {
        ScheduleExpression: 'rate(5 minutes)',
        State: 'ENABLED',
        Targets: [{ Arn: { 'Fn::GetAtt': ['WorkersExpireInvitationsLambdaFunction', 'Arn'] } }],
      },
    ]);
  });

  test('the one that publishes gets new events only, part by part, until they are old, then the dead letters get them', () => {
    const mappings = ofType('AWS::Lambda::EventSourceMapping').map((id) => resource(id).Properties);
    expect(mappings).toMatchObject([
      { FunctionName: { Ref: 'WorkersOutboxLambdaFunction' } },
      {
        FunctionName: { Ref: 'WorkersPublishEventsLambdaFunction' },
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRecordAgeInSeconds: 43_200,
        MaximumRetryAttempts: -1,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] } } },
      },
    ]);
    expect(JSON.parse(mappings[1].FilterCriteria.Filters[0].Pattern)).toEqual({
      eventName: ['INSERT'],
      dynamodb: { NewImage: { type: { S: ['event'] } } },
    });
  });

  test('the one of the outbox gets new mails and steps, and may send from one address alone', () => {
    const [outbox = expect.fail('there is the outbox')] = named('outbox');
    const mapping = resource('WorkersOutboxLambdaFunctionMapping').Properties;
    expect(JSON.parse(mapping.FilterCriteria.Filters[0].Pattern).dynamodb).toEqual({
      NewImage: { type: { S: ['mail', 'deletionStep', 'enrolmentStep'] } },
    });
    const [sending, ...others] = statements(outbox).filter(({ actions }) => actions[0]?.startsWith('ses:'));
    expect(others).toEqual([]);
    expect(sending).toMatchObject({
      actions: ['ses:SendEmail'],
      condition: { StringEquals: { 'ses:FromAddress': '' } },
    });
    const { LINK_BASE_URL, PROVISIONED_ITEMS } = resource(functionId(outbox)).Properties.Environment.Variables;
    expect(PROVISIONED_ITEMS).toBe('');
    expect(LINK_BASE_URL['Fn::If'][2]['Fn::If']).toEqual(['HasDomain', 'https://api.example.com', expect.anything()]);
  });

  test.each([
    ['WorkersExpireInvitationsOverdueAlarm', 'Tributary/prod', 'oldestOverdueMs', 'breaching'],
    ['WorkersPublishEventsLambdaFunctionPassedOverAlarm', 'Tributary/prod', 'passedOver', 'notBreaching'],
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
    const named = new Set(
      [
        ...prod
          .map(({ text }) => text)
          .join('')
          .matchAll(/table\/tributary-prod\/index\/(\w+)/g),
      ].map(([, index]) => index),
    );
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
    expect(stackNamed('core').template.Outputs['DomainTarget']).toMatchObject({
      Condition: 'HasDomain',
      Value: target,
    });
    expect(dev.template.Conditions['HasDomain']).toEqual({ 'Fn::Not': [{ 'Fn::Equals': ['', ''] }] });
  });
});

test('another table can be put in the place of the one that was damaged', () => {
  const [mapping = ''] = dev.ofType('AWS::Lambda::EventSourceMapping');
  expect(JSON.stringify(dev.resources[mapping])).toContain('arn:aws:dynamodb:stream/s');
  expect(dev.template.Conditions['HasOwnTable']).toEqual({
    'Fn::Equals': ['tributary-restored', 'tributary-dev'],
  });
  const functions = dev.ofType('AWS::Lambda::Function').map((id) => dev.resources[id]?.Properties);
  for (const { Environment } of functions) expect(Environment.Variables.TABLE_NAME).toBe('tributary-restored');
  for (const id of dev.ofType('AWS::IAM::Role')) {
    expect(JSON.stringify(dev.resources[id])).not.toContain('table/tributary-dev');
  }
});

test("a stage's metrics are its own, where its functions count and where its alarms look", () => {
  for (const { resources, stackName } of [dev, ...prod]) {
    const found = Object.values(resources).flatMap(({ Properties }) => [
      ...(Properties.Environment ? [Properties.Environment.Variables.METRIC_NAMESPACE] : []),
      ...(String(Properties.Namespace).startsWith('Tributary') ? [Properties.Namespace] : []),
    ]);
    expect(new Set(found)).toEqual(new Set([`Tributary/${stackName.split('-')[1]}`]));
  }
});

test('nothing names an account, and no secret stands in a template', () => {
  for (const { text } of prod) {
    expect(text).not.toMatch(/\b\d{12}\b(?!\d|-)/);
    expect(text).not.toMatch(/[0-9a-f]{64}/);
  }
});

test('a worker has the concurrency that a stage reserves for it, and by default all share what the account has', () => {
  const reserved = ({ resources, ofType: idsOf }: Packaged) =>
    idsOf('AWS::Lambda::Function').map((id) => resources[id]?.Properties.ReservedConcurrentExecutions['Fn::If']);
  for (const [condition, , otherwise] of prod.flatMap(reserved)) {
    expect(JSON.stringify(prod.flatMap(({ template }) => template.Conditions[condition] ?? []))).toContain('["",""]');
    expect(otherwise).toEqual({ Ref: 'AWS::NoValue' });
  }
  expect(dev.template.Conditions['HasWorkerConcurrency']).toEqual({ 'Fn::Not': [{ 'Fn::Equals': ['5', ''] }] });
  const worker = dev.resources['WorkersPublishEventsLambdaFunction'];
  expect(worker?.Properties.ReservedConcurrentExecutions['Fn::If'].slice(0, 2)).toEqual(['HasWorkerConcurrency', '5']);
});

test('the API answers at execute-api unless a stage says that it answers at its domain alone', () => {
  expect(String(resource('HttpApi').Properties.DisableExecuteApiEndpoint)).toBe('true');
  expect(String(dev.resources['HttpApi']?.Properties.DisableExecuteApiEndpoint)).toBe('false');
});

describe('the stacks', () => {
  const sizeOf = ({ resources }: Packaged) => Object.keys(resources).length;
  /** A page has as many resources as an operation. */
  const operationsIn = (stack: Packaged) =>
    [...operations, ...pages].filter((one) => productOf(one) === stack.stack).length;

  test('are a core and one for each product, of the names that sort them by stage', () => {
    const products = new Set(operations.map(productOf));
    expect(prod.map(({ stackName }) => stackName).sort()).toEqual(
      ['tributary-prod', ...[...products].map((product) => `tributary-prod-${product}`)].sort(),
    );
  });

  test('have no resource and no route twice', () => {
    const named = prod.flatMap(({ resources }) =>
      Object.entries(resources).map(([id, { Properties, Type }]) => {
        const name = Properties?.FunctionName ?? Properties?.LogGroupName ?? Properties?.RouteKey ?? id;
        return `${Type} ${typeof name === 'string' ? name : id}`;
      }),
    );
    // Each stack has a bucket of its own for what is deployed.
    const apart = named.filter((name) => !name.includes('ServerlessDeploymentBucket'));
    expect(apart.filter((name, index) => apart.indexOf(name) !== index)).toEqual([]);
  });

  test('import nothing but what the core of their stage exports, and refer to nothing that they have not', () => {
    const core = stackNamed('core').template.Outputs;
    const exported = Object.values(core).flatMap(({ Export }) => Export?.Name ?? []);
    for (const { template, text } of prod) {
      const imports = [...text.matchAll(/"Fn::ImportValue":\s*"([^"]+)"/g)].map(([, name]) => name);
      expect(imports.filter((name) => !exported.includes(name ?? ''))).toEqual([]);
      const referred = [...text.matchAll(/"Ref":\s*"([^"]+)"|"Fn::GetAtt":\s*\[\s*"([^"]+)"/g)].map(
        ([, ref, attribute]) => ref ?? attribute ?? '',
      );
      const own = Object.keys(template.Resources);
      expect(referred.filter((id) => !id.startsWith('AWS::') && !own.includes(id))).toEqual([]);
      const conditions = [...text.matchAll(/"(?:Condition"|Fn::If":\s*\[):?\s*"([^"]+)"/g)].map(
        ([, name]) => name ?? '',
      );
      expect(conditions.filter((name) => !Object.keys(template.Conditions).includes(name))).toEqual([]);
    }
  });

  test('export nothing under the name of another', () => {
    const exported = prod.flatMap(({ template }) => Object.values(template.Outputs).map(({ Export }) => Export?.Name));
    const given = exported.filter((name) => name !== undefined);
    expect(new Set(given).size).toBe(given.length);
  });

  test('import nothing in the core, which is there before the others', () => {
    expect(stackNamed('core').text).not.toContain('Fn::ImportValue');
  });

  test('have tags on everything that can have them', () => {
    for (const { resources, stack, stackTags } of prod) {
      const tags = { service: 'tributary', stage: 'prod', stack, product: stack === 'core' ? 'all' : stack };
      expect(stackTags).toEqual(tags);
      const written = Object.values(resources).flatMap(({ Properties }) => Properties?.Tags ?? []);
      const asMaps = written.filter((tag) => !('Key' in tag));
      for (const map of asMaps) expect(map).toEqual(tags);
      const asPairs = written.filter((tag) => 'Key' in tag).map(({ Key, Value }) => `${Key} ${Value}`);
      expect(new Set(asPairs)).toEqual(new Set(Object.entries(tags).map((pair) => pair.join(' '))));
      const untagged = Object.entries(resources).filter(([, { Properties }]) => !Properties?.Tags);
      // CloudFormation hands the stack's tags on to the first four; the others can have none.
      expect([
        'AWS::Events::Rule',
        'AWS::Logs::LogGroup',
        'AWS::S3::Bucket',
        'AWS::ApiGatewayV2::Integration',
        'AWS::ApiGatewayV2::ApiMapping',
        'AWS::ApiGatewayV2::Route',
        'AWS::Lambda::Permission',
        'AWS::S3::BucketPolicy',
        'AWS::SNS::Subscription',
      ]).toEqual(expect.arrayContaining(untagged.map(([, { Type }]) => Type)));
    }
  });

  test('keep a quarter below what CloudFormation allows, also with all five products', () => {
    const [one, other] = prod.filter(({ stack }) => stack !== 'core');
    if (one === undefined || other === undefined) expect.fail('there are two products');
    const perOperation = (sizeOf(one) - sizeOf(other)) / (operationsIn(one) - operationsIn(other));
    const fixed = sizeOf(one) - perOperation * operationsIn(one);
    const counts: Record<string, number> = { core: sizeOf(stackNamed('core')) };
    for (const [product, count] of Object.entries(planned)) {
      const stack = prod.find((candidate) => candidate.stack === product);
      const most = Math.max(count, stack === undefined ? 0 : operationsIn(stack));
      counts[product] = fixed + perOperation * most;
      if (stack !== undefined) expect(sizeOf(stack)).toBe(fixed + perOperation * operationsIn(stack));
    }
    const line = Object.entries(counts).map(([stack, count]) => `${stack} ${count}`);
    process.stdout.write(`resources of 500, with all five products: ${line.join(', ')}\n`);
    for (const count of Object.values(counts)) expect(count).toBeLessThanOrEqual(RESOURCES);
  });

  test('keep below the megabyte that CloudFormation allows a template, also with the largest product', () => {
    const products = prod.filter((stack) => operationsIn(stack) > 0);
    const longest = Math.max(...products.map((stack) => stack.text.length / operationsIn(stack)));
    expect(planned.directory * longest).toBeLessThan(TEMPLATE_BYTES);
  });
});
