import { afterAll } from 'vitest';
import { endFile } from '#test/support/fileEnd.ts';

// An end may have to wait for the processes that the tests have started.
const LONGEST_MS = 30_000;

afterAll(endFile, LONGEST_MS);
