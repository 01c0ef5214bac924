import { afterAll } from 'vitest';
import { endFile } from '#test/support/fileEnd.ts';

afterAll(endFile);
