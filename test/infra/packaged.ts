import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { vi } from 'vitest';
import { bundle, writeChanged } from '#infra/bundle.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import { oslsScript, serviceFolder } from '#infra/osls.ts';
import { render } from '#infra/render.ts';
import { atFileEnd } from '#test/support/fileEnd.ts';
import { runFolder } from '#test/support/refusalLog.ts';

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

/** Makes a folder of what osls reads of the repository. For each function it looks at every file there is, which node_modules has many of. */
function makeService(folder: string): string {
  const own = join(folder, 'service');
  mkdirSync(own);
  // osls takes no link for its configuration.
  copyFileSync(join(serviceFolder, 'serverless.yml'), join(own, 'serverless.yml'));
  for (const name of ['infra', '.build']) symlinkSync(join(serviceFolder, name), join(own, name));
  return own;
}

/**
 * Packages stacks for a stage as `npm run package` does, without an AWS account. The bundles that go in are those there are: `bundled` makes
 * them.
 */
export async function packaged(
  stage: string,
  stacks: readonly string[],
  params: readonly string[],
): Promise<Packaged[]> {
  render(await deployedFunctions());
  const folder = mkdtempSync(join(tmpdir(), 'test-package-'));
  atFileEnd(() => rmSync(folder, { recursive: true, force: true }));
  const cwd = makeService(folder);
  return stacks.map((stack) => {
    const own = join(folder, stack);
    const words = [
      'package',
      '--stage',
      stage,
      '--package',
      own,
      ...[`stack=${stack}`, ...params].flatMap((param) => ['--param', param]),
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, [oslsScript, ...words], {
      cwd,
      encoding: 'utf8',
      // osls compiles the schema of serverless.yml, for longer than it packages, and keeps it at home.
      env: { PATH: process.env['PATH'], HOME: runFolder() },
    });
    if (status !== 0) throw new Error(`osls package failed for the stack ${stack}:\n${stdout}\n${stderr}`);
    return readStack(stack, own);
  });
}

const PATIENCE_MS = 300_000;

/** The bundles of all functions, made once in a test run: whoever asks while they are made waits. Answers what went into each file. */
export async function bundled(): Promise<Metafile> {
  const folder = join(runFolder(), 'bundles');
  const made = join(folder, 'metafile.json');
  // Of several processes one makes the folder, and it makes the bundles.
  if (mkdirSync(folder, { recursive: true }) !== undefined) {
    writeChanged(made, Buffer.from(JSON.stringify(await bundle())));
  }
  await vi.waitUntil(() => existsSync(made), { timeout: PATIENCE_MS, interval: 100 });
  return JSON.parse(readFileSync(made, 'utf8'));
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
