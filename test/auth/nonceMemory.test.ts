import { expect, test } from 'vitest';
import { NONCE_MEMORY_MS, nonceMemory } from '#lib/auth/authenticate.ts';
import { Refusal } from '#lib/errors.ts';

const used = new Refusal('NonceUsed', {});

test('a nonce is refused again for as long as any signature with it may hold, to its caller only', () => {
  let nowMs = 0;
  const memory = nonceMemory(() => nowMs);
  memory.use('one', 'n');
  memory.use('other', 'n');
  nowMs = NONCE_MEMORY_MS - 1;
  expect(() => memory.use('one', 'n')).toThrow(used);
  nowMs = NONCE_MEMORY_MS;
  memory.use('one', 'n');
  expect(() => memory.use('one', 'n')).toThrow(used);
});

test('a caller with any number of nonces makes the memory forget none but its own', () => {
  const memory = nonceMemory(() => 0);
  memory.use('quiet', 'n');
  memory.use('loud', 'first');
  for (let nth = 0; nth < 210_000; nth++) memory.use('loud', String(nth));
  expect(() => memory.use('quiet', 'n')).toThrow(used);
  memory.use('loud', 'first');
});
