import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleFolder } from '#infra/bundle.ts';
import { clientOf, type Served } from '#test/bench/served.ts';

/** Something else that takes members in and lets them go. It is no dependency: it is installed when it is first compared with. */
export interface Rival {
  readonly name: string;
  /** What it does in a cycle, and what it does not do. */
  readonly about: string;
  /** What installs it, in its own folder. */
  readonly install: Program;
  /** Starts it in a process of its own, over an empty store in `data`, with so many pairs of those who invite and are invited. */
  start(folder: string, data: string, pairs: number): Promise<Contender>;
}

/** A server that cycles are sent to. */
export interface Contender {
  /** So many cycles, as many at a time as there are callers. Answers how many were done a second. */
  cycles(count: number): Promise<number>;
  close(): Promise<void>;
}

/** A program, its arguments, and what it needs in its environment beside what this process has. */
interface Program {
  readonly file: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** From source, where nothing built is to be had, it takes minutes. */
const INSTALL_MS = 600_000;

/** The folder in which a rival is installed, now or by an earlier run. Throws if that is impossible here. */
export async function installed({ install: { file, words }, name }: Rival): Promise<string> {
  const folder = join(bundleFolder, 'rivals', name);
  const done = join(folder, 'installed');
  const wanted = [file, ...words].join(' ');
  if (textOf(done) === wanted) return folder;
  mkdirSync(folder, { recursive: true });
  // Else npm would take it for a part of this project.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  await promisify(execFile)(file, words, { cwd: folder, timeout: INSTALL_MS, maxBuffer: 2 ** 26 });
  writeFileSync(done, wanted);
  return folder;
}

/** Starts a server that says on either stream where it is running. */
export async function startServer(
  { env, file, words }: Program,
  folder: string,
): Promise<Served & { readonly baseUrl: string }> {
  const server = spawn(file, words, { cwd: folder, env: { ...process.env, ...env } });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const baseUrl = await new Promise<string>((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk;
      const url = /Running on (http:\S+:\d+)\s/.exec(said)?.[1];
      if (url) resolve(url);
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.once('error', reject);
    ended.then(() => reject(new Error(`${file} has ended: ${said}`)));
  });
  const client = clientOf(Number(new URL(baseUrl).port), async () => {
    server.kill('SIGTERM');
    await ended;
  });
  return { ...client, baseUrl };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
