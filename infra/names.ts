/** A value in a template: text, or a CloudFormation function. */
export type Value = string | number | boolean | Template | readonly Value[];

/** A part of a template. */
export interface Template {
  readonly [name: string]: Value;
}

/** A resource of a template. */
export interface Resource extends Template {
  readonly Type: string;
  readonly Properties: Template;
}

/** The resources of a template, by their logical ids. */
export interface Resources extends Template {
  readonly [id: string]: Resource;
}

/** A parameter of the stage, from `params` in serverless.yml or `--param` on the command line. */
export const param = (name: string): string => `\${param:${name}}`;

/** The namespace of a stage's metrics, which functions find in their environment. */
export const metricNamespace = `Tributary/\${sls:stage}`;

/** Text in which CloudFormation replaces `${...}`. */
export const sub = (text: string): Template => ({ 'Fn::Sub': text });
export const attribute = (id: string, name: string): Template => ({ 'Fn::GetAtt': [id, name] });
export const ref = (id: string): Template => ({ Ref: id });

/** A statement of a role's policy. */
export function allow(Action: readonly string[], Resource: Value, Condition?: Template): Template {
  return { Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) };
}

/** The name under which the core exports an output to the products' stacks, as serverless itself chooses it. */
export const exportName = (output: string): string => `sls-tributary-\${sls:stage}-${output}`;
export const imported = (output: string): Template => ({ 'Fn::ImportValue': exportName(output) });

/** The logical ids that several files name. */
export const ids = {
  table: 'Table',
  deadLetters: 'DeadLetters',
  alarmTopic: 'AlarmTopic',
  httpApi: 'HttpApi',
  httpApiStage: 'HttpApiStage',
} as const;

const arn = (service: string, resource: string) =>
  sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);

/** The table in use: the stage's own, or the one that was restored in its place. */
export const tableArn = arn('dynamodb', `table/${param('table')}`);
export const indexArn = (index: string): Template => arn('dynamodb', `table/${param('table')}/index/${index}`);
export const parameterArn = (parameter: string): Template => arn('ssm', `parameter${param(parameter)}`);
export const masterKeyArn = parameterArn('masterKeyParameter');
/** The addresses and domains from which mails may be sent; which one, a condition says. */
export const mailIdentitiesArn = arn('ses', 'identity/*');
export const anyKeyArn = arn('kms', 'key/*');
export const eventBusArn = arn('events', `event-bus/${param('eventBus')}`);
