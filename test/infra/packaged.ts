import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atFileEnd } from '#test/support/fileEnd.ts';

/** A resource of a template; `Properties` of any shape. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read templates of any shape.
  readonly Properties: any;
  readonly [attribute: string]: unknown;
}

/** One stack as it would be deployed. */
export interface Packaged {
  readonly stack: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly template: Template;
  /** The text of the whole template. */
  readonly text: string;
  /** Its name, and the tags that CloudFormation would pass on to its resources. */
  readonly stackName: string;
  readonly stackTags: Readonly<Record<string, string>>;
  /** The logical ids of the resources of a type. */
  ofType(type: string): string[];
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
}

/** Runs `npm run package` for a stage, without an AWS account, with more words on the command line. */
export function packaged(stage: string, params: readonly string[] = [], further: readonly string[] = []): Packaged[] {
  const folder = mkdtempSync(join(tmpdir(), 'test-package-'));
  atFileEnd(() => rmSync(folder, { recursive: true, force: true }));
  const words = ['run', '-s', 'package', '--', '--stage', stage, '--package', folder, ...further];
  const { status, stdout, stderr } = spawnSync('npm', [...words, ...params.flatMap((param) => ['--param', param])], {
    cwd: new URL('../..', import.meta.url),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  if (status !== 0) throw new Error(`npm run package failed:\n${stdout}\n${stderr}`);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => readStack(name, join(folder, name)));
}

function readStack(stack: string, folder: string): Packaged {
  const text = readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  const template: Template = JSON.parse(text);
  const { Resources } = template;
  const { provider } = JSON.parse(readFileSync(join(folder, 'serverless-state.json'), 'utf8')).service;
  return {
    stack,
    resources: Resources,
    template,
    text,
    stackName: provider.stackName,
    stackTags: provider.stackTags,
    ofType: (type) => Object.keys(Resources).filter((id) => Resources[id]?.Type === type),
  };
}

/** A statement of a role's policy, with texts and CloudFormation functions alike as texts. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The statements of a role, but those that depend on what none of the stages packaged here gives. */
export function statementsOf({ Properties }: Pick<Resource, 'Properties'>): Statement[] {
  const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Properties.Policies.flatMap(({ PolicyDocument }: Resource['Properties']) =>
    PolicyDocument.Statement.filter((statement: object) => !('Fn::If' in statement)).map(
      ({ Action, Resource, Condition = {} }: Resource['Properties']) => ({
        actions: [Action].flat(),
        resources: [Resource].flat().map(asText),
        condition: Condition,
      }),
    ),
  );
}
