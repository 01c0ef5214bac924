import { type Deployed, logicalId } from '#infra/deployed.ts';
import {
  allow,
  attribute,
  ids,
  indexArn,
  masterKeyArn,
  type Resource,
  type Resources,
  type Template,
  tableArn,
  type Value,
} from '#infra/names.ts';
import { secretStatements, statementsForNeeds } from '#infra/needs.ts';
import { indexNames, itemActions, type Reach, reachOf, readGrants } from '#infra/reach.ts';
import { streamArn } from '#infra/stream.ts';

/** The logical id of a function's role. */
export const roleId = (deployed: Deployed): string => `${logicalId(deployed)}Role`;

/** A role per function that allows what the function does and nothing else. `all` are the functions of all stacks. */
export function roles(functions: readonly Deployed[], all: readonly Deployed[] = functions): Resources {
  const grants = readGrants();
  return Object.fromEntries(
    functions.map((deployed) => [roleId(deployed), role(statements(deployed, reachOf(deployed, all, grants)))]),
  );
}

function role(Statement: Value): Resource {
  const trusted = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trusted] },
      Policies: [{ PolicyName: 'function', PolicyDocument: { Version: '2012-10-17', Statement } }],
    },
  };
}

function statements(deployed: Deployed, reach: Reach): Template[] {
  return [
    ...tableStatements(reach),
    ...(servesCalls(deployed) ? secretStatements(masterKeyArn) : []),
    ...('job' in deployed.trigger ? statementsForNeeds(deployed.trigger.job.needs) : []),
    ...(deployed.trigger.kind === 'stream' ? streamStatements() : []),
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], attribute(`${logicalId(deployed)}LogGroup`, 'Arn')),
    // X-Ray's actions cannot be restricted to resources.
    allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
  ];
}

/** A function that verifies signatures may read the master key; of the others, those that declare a need of it. */
function servesCalls({ trigger }: Deployed): boolean {
  return trigger.kind === 'operation' || trigger.kind === 'door';
}

/**
 * Statements for what a function reaches. Transactions need the actions of their items. An index is restricted by its
 * own partition keys.
 */
function tableStatements(reach: Reach): Template[] {
  const granted = (action: string, resource: Template, patterns: Reach[keyof Reach] = []) =>
    patterns.length === 0 ? [] : [allow([`dynamodb:${action}`], resource, leading(patterns))];
  return [
    ...itemActions.flatMap((action) => granted(action, tableArn, reach[action])),
    ...indexNames.flatMap((index) => granted('Query', indexArn(index), reach[index])),
  ];
}

function leading(patterns: readonly string[]): Template {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } };
}

/** Reading the table's stream, and sending what could not be processed to the dead-letter queue. */
function streamStatements(): Template[] {
  const reading = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  return [
    allow(
      reading.map((action) => `dynamodb:${action}`),
      streamArn,
    ),
    allow(['sqs:SendMessage'], attribute(ids.deadLetters, 'Arn')),
  ];
}
