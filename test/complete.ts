import { existsSync, readFileSync } from 'node:fs';
import { documents } from '#infra/docs.ts';
import { functionFiles } from '#infra/functionFiles.ts';
import { operations } from '#infra/operations.ts';
import { type Grants, readGrants } from '#infra/reach.ts';
import { readRecordedExamples } from '#infra/recordedExamples.ts';
import { pathOf } from '#infra/reference.ts';
import type { Access } from '#lib/call.ts';
import { pages } from '#test/support/examples/pages.ts';
import { workers } from '#test/support/examples/workers.ts';
import { examples } from '#test/support/examples.ts';

/** The operations and jobs of the project with their companion files, complete or not. */
export interface Project {
  /** Exports of the files in `functions`, by folder and name, without the door. */
  readonly functions: Readonly<Record<string, FunctionExports>>;
  /** Whether a file exists, by its path from the top. */
  has(path: string): boolean;
  /** Names of the operations and jobs that have examples. */
  readonly examples: readonly string[];
  readonly grants: Grants;
  /** Names of the operations whose answers are recorded. */
  readonly recorded: readonly string[];
  /** The pages of the reference, by product, and the text of docs/costs.md. */
  readonly references: Readonly<Record<string, string>>;
  readonly costs: string;
  /** Generated documents that are out of date. */
  readonly stale: readonly string[];
}

interface FunctionExports {
  readonly app?: {
    readonly operation?: {
      readonly action: string;
      readonly product: { readonly name: string };
      readonly access: Access;
      readonly effect: 'read' | 'write';
      readonly target?: unknown;
    };
  };
  readonly job?: { readonly name: string };
  readonly page?: { readonly name: string };
  /** Why the file could not be loaded, if it could not. */
  readonly fault?: string;
}

/** The project as it stands. Loads every operation and opens nothing. */
export async function projectAsItIs(): Promise<Project> {
  const top = new URL('../', import.meta.url);
  const has = (path: string) => existsSync(new URL(path, top));
  const read = (path: string) => (has(path) ? readFileSync(new URL(path, top), 'utf8') : '');
  const products = [...new Set(operations.map(({ product }) => product))];
  const functions = functionFiles().filter(({ name }) => name.includes('/'));
  const exported = functions.map(async ({ name, path }) => [name, await exportsOf(path)] as const);
  const ofOperations = Object.entries(examples).flatMap(([product, own]) =>
    Object.keys(own).map((action) => `${product}/${action}`),
  );
  return {
    functions: Object.fromEntries(await Promise.all(exported)),
    has,
    examples: [...ofOperations, ...Object.keys(workers), ...Object.keys(pages)],
    grants: readGrants(),
    recorded: Object.keys(readRecordedExamples()),
    references: Object.fromEntries(products.map((product) => [product.name, read(pathOf(product))])),
    costs: read('docs/costs.md'),
    stale: Object.entries(documents()).flatMap(([path, text]) => (read(path) === text ? [] : [path])),
  };
}

async function exportsOf(path: string): Promise<FunctionExports> {
  try {
    return await import(path);
  } catch (error) {
    return { fault: String(error) };
  }
}

/**
 * A line for everything a function lacks, for leftovers of removed functions, and for generated documents that are out
 * of date.
 */
export function lackingIn(project: Project): string[] {
  const { examples: named, functions, grants, recorded, stale } = project;
  const names = Object.keys(functions);
  const gone = (all: readonly string[]) => all.filter((name) => !names.includes(name));
  return [
    ...Object.entries(functions).flatMap(([name, exported]) =>
      [declarationFault(name, exported), ...companionsLacking(name, exported, project)].filter(
        (line) => line !== undefined,
      ),
    ),
    ...gone(named).map(
      (name) => `${name} has an example in test/support/examples, but functions/${name}.ts is no file`,
    ),
    ...gone(Object.keys(grants)).map((name) => `${name} has grants, but is no function: run "npm run generate"`),
    ...gone(recorded).map((name) => `${name} is in infra/examples.json, but is no function: run "npm run generate"`),
    ...stale.map((path) => `${path} is not as it would be written now: run "npm run docs"`),
  ];
}

function declarationFault(name: string, { app, fault, job, page }: FunctionExports): string | undefined {
  const file = `functions/${name}.ts`;
  if (fault !== undefined) return `${file} cannot be loaded: ${fault}`;
  if (name.startsWith('workers/')) {
    const isNamed = job?.name === name.slice('workers/'.length);
    return isNamed ? undefined : `${file} exports no \`job\` of its own name`;
  }
  if (name.startsWith('pages/')) {
    const isNamed = page?.name === name.slice('pages/'.length);
    return isNamed ? undefined : `${file} exports no \`page\` of its own name`;
  }
  if (app?.operation === undefined) return `${file} exports no \`app\` made by operation() of lib/operation.ts`;
  const { action, product } = app.operation;
  if (`${product.name}/${action}` === name) return undefined;
  return `${file} declares ${action} of ${product.name}: file and folder are named as action and product`;
}

function companionsLacking(name: string, { app }: FunctionExports, project: Project): string[] {
  const [folder = '', own = ''] = name.split('/');
  const { ConditionCheckItem = [], DeleteItem = [], PutItem = [], UpdateItem = [] } = project.grants[name] ?? {};
  const writing = [...PutItem, ...UpdateItem, ...DeleteItem, ...ConditionCheckItem];
  const isWorker = folder === 'workers' || folder === 'pages';
  const needs: readonly [isMet: boolean, otherwise: string][] = [
    [project.has(`test/${name}.test.ts`), `has no test: write test/${name}.test.ts`],
    [project.examples.includes(name), `has no example: give it an entry in test/support/examples/${folder}.ts`],
    [project.grants[name] !== undefined, 'has no grants in infra/grants.json: run "npm run generate"'],
    [
      app?.operation?.effect !== 'read' || writing.length === 0,
      `is declared to read, but was seen to write ${writing.join(', ')}: look at infra/grants.json`,
    ],
    [
      app?.operation?.effect !== 'write' || app.operation.access === 'account' || app.operation.target !== undefined,
      'lets operators write, but declares no `target`: its log record has to name what was acted on',
    ],
    [isWorker || project.recorded.includes(name), 'is not in infra/examples.json: run "npm run generate"'],
    [
      isWorker || project.references[folder]?.includes(`\n## ${own}\n`) === true,
      `is not in ${pathOf({ name: folder })}: run "npm run generate"`,
    ],
    [isWorker || project.costs.includes(`\n| ${name} |`), 'is not in docs/costs.md: run "npm run generate"'],
  ];
  return needs.filter(([isMet]) => !isMet).map(([, otherwise]) => `${name} ${otherwise}`);
}
