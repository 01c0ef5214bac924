import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What npm pack has made. */
export interface Packed {
  /** The packed file. */
  readonly file: string;
  readonly bytes: number;
  /** The paths in it. */
  readonly paths: readonly string[];
}

/** Packs the package into a folder. */
export async function pack(folder: string): Promise<Packed> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  const [{ filename, size, files }] = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
  return { file: join(folder, filename), bytes: size, paths: files.map(({ path }: { path: string }) => path) };
}

/** A project in a folder of its own, far from the repository. */
export interface Project {
  readonly folder: string;
  /** Runs a command in it, and answers what it printed. */
  run(command: string, words: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }>;
}

/** Makes a project, or a copy of one of the examples, that has the packed file installed. */
export async function projectWith({ file }: Packed, example?: string): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'test-tributary-project-'));
  mkdirSync(folder, { recursive: true });
  if (example === undefined) writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  else cpSync(join(root, 'docs/examples', example), folder, { recursive: true });
  const { NODE_OPTIONS, PORT, TRIBUTARY_DATA, VITEST, ...inherited } = process.env;
  // What npm tells the scripts that it runs is not for another npm.
  const env = Object.fromEntries(Object.entries(inherited).filter(([name]) => !/^npm_/i.test(name)));
  const project: Project = { folder, run: (command, words) => run(command, words, { cwd: folder, env }) };
  await project.run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--save-dev', file]);
  return project;
}

/** How many bytes the files of a folder have, all together. */
export function bytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { name, parentPath }) => sum + statSync(join(parentPath, name)).size, 0);
}
