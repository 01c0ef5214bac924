import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject, Vitest } from 'vitest/node';
import { FOLDER_VARIABLE, noteOf } from '#test/support/refusalLog.ts';

/** Compares, once the whole suite has passed, what operations declare to refuse for with what they were seen to refuse for. */
export function setup({ vitest }: TestProject): () => Promise<void> {
  process.env[FOLDER_VARIABLE] ??= mkdtempSync(join(tmpdir(), 'test-tributary-'));
  return async () => {
    const folder = process.env[FOLDER_VARIABLE];
    // Of several projects the first to end has done it for all.
    if (folder === undefined) return;
    delete process.env[FOLDER_VARIABLE];
    const notes = notesIn(folder);
    rmSync(folder, { recursive: true });
    const unseen = hasPassedWhole(vitest) ? await unseenIn(notes) : [];
    if (unseen.length === 0) return;
    // Vitest prints what a teardown throws, but does not count it as a failure.
    process.exitCode = 1;
    throw new Error(`No test sees these refusals, which are declared:\n${unseen.join('\n')}`);
  };
}

const tests = fileURLToPath(new URL('..', import.meta.url));

/** All schemes refuse a query that they cannot decode, so no call gets as far as to be refused for it once more. */
const unreachable = 'QueryUnreadable';

function notesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'));
}

/** Whether every test file there is has run, unfiltered, and passed. */
function hasPassedWhole({ config, state }: Vitest): boolean {
  const passed = new Set(state.getTestModules().flatMap((module) => (module.ok() ? [module.moduleId] : [])));
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  return !config.testNamePattern && files.every((file) => passed.has(join(tests, file)));
}

async function unseenIn(notes: readonly string[]): Promise<string[]> {
  // Loaded here because it takes a while, which no run of a few files has to wait for.
  const { operations } = await import('#infra/operations.ts');
  const { commonReasons } = await import('#lib/errors.ts');
  const seen = new Set(notes);
  const seenReasons = new Set(notes.map((note) => note.slice(note.indexOf(' ') + 1)));
  const declared = operations.flatMap(({ action, errors, product }) =>
    errors.map((reason) => noteOf(product.name, action, reason)),
  );
  return [
    ...declared.filter((note) => !seen.has(note)),
    ...commonReasons.filter((reason) => !seenReasons.has(reason) && reason !== unreachable),
  ];
}
