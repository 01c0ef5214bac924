import { afterAll, afterEach, expect } from 'vitest';
import { endFile } from '#test/support/fileEnd.ts';
import { takeUndeclared } from '#test/support/refusalLog.ts';

afterEach(() => {
  expect(takeUndeclared(), 'refusals that their operation does not declare').toEqual([]);
});

afterAll(endFile);
