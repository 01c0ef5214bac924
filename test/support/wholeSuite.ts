import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject, Vitest } from 'vitest/node';
import { FOLDER_VARIABLE, noteOf } from '#test/support/refusalLog.ts';

/** After the whole suite has passed, compares the refusals that operations declare with those that were seen. */
export function setup({ vitest }: TestProject): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'test-tributary-'));
  process.env[FOLDER_VARIABLE] = folder;
  return async () => {
    const notes = notesIn(folder);
    rmSync(folder, { recursive: true });
    const unseen = hasPassedWhole(vitest) ? await unseenIn(notes) : [];
    if (unseen.length === 0) return;
    // Vitest prints an error in a teardown but does not count it as a failure.
    process.exitCode = 1;
    throw new Error(`No test sees these refusals, which are declared:\n${unseen.join('\n')}`);
  };
}

const tests = fileURLToPath(new URL('..', import.meta.url));

/** Every scheme refuses a query it cannot decode, so no call gets far enough for this reason. */
const unreachable = 'QueryUnreadable';

function notesIn(folder: string): string[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap(({ name }) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
}

/** Whether all test files ran unfiltered and passed. */
function hasPassedWhole({ config, state }: Vitest): boolean {
  const passed = new Set(state.getTestModules().flatMap((module) => (module.ok() ? [module.moduleId] : [])));
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  return !config.testNamePattern && files.every((file) => passed.has(join(tests, file)));
}

async function unseenIn(notes: readonly string[]): Promise<string[]> {
  // Loaded only here, because it takes a while and a run of a few files does not need it.
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
