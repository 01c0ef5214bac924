import { afterAll, afterEach, expect } from 'vitest';
import { endFile } from '#test/support/fileEnd.ts';
import { takeUndeclared } from '#test/support/refusalLog.ts';

// An end may have to wait for the processes that the tests have started.
const LONGEST_MS = 30_000;

afterEach(() => {
  expect(takeUndeclared(), 'refusals that their operation does not declare').toEqual([]);
});

afterAll(endFile, LONGEST_MS);
