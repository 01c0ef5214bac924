import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

export interface Packaged {
  readonly resources: Readonly<Record<string, Resource>>;
  /** The text of the whole template. */
  readonly text: string;
  /** The logical ids of the resources of a type. */
  ofType(type: string): string[];
}

/** Runs `npm run package` for a stage as someone would who has no AWS account. */
export function packaged(stage: string, params: readonly string[] = []): Packaged {
  const folder = mkdtempSync(join(tmpdir(), 'test-package-'));
  atFileEnd(() => rmSync(folder, { recursive: true, force: true }));
  const words = ['run', '-s', 'package', '--', '--stage', stage, '--package', folder];
  const { status, stdout, stderr } = spawnSync('npm', [...words, ...params.flatMap((param) => ['--param', param])], {
    cwd: new URL('../..', import.meta.url),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  if (status !== 0) throw new Error(`npm run package failed:\n${stdout}\n${stderr}`);
  const text = readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  const { Resources }: { Resources: Record<string, Resource> } = JSON.parse(text);
  return {
    resources: Resources,
    text,
    ofType: (type) => Object.keys(Resources).filter((id) => Resources[id]?.Type === type),
  };
}

/** A statement of a role's policy; text and functions of CloudFormation alike as text. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a role allows. */
export function statementsOf({ Properties }: Pick<Resource, 'Properties'>): Statement[] {
  const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Properties.Policies.flatMap(({ PolicyDocument }: Resource['Properties']) =>
    PolicyDocument.Statement.map(({ Action, Resource, Condition = {} }: Resource['Properties']) => ({
      actions: [Action].flat(),
      resources: [Resource].flat().map(asText),
      condition: Condition,
    })),
  );
}
