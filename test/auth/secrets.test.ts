import { expect, test } from 'vitest';
import { openSecret, type Sealed, sealSecret } from '#lib/auth/secrets.ts';

const masterKey = Buffer.alloc(32, 7);
const kinds: readonly Sealed[] = ['access-key', 'answer', 'page'];
const IV_AND_TAG_BYTES = 28;

test.each(kinds)('what is sealed as %s opens as nothing else, for nobody else, and only whole', (what) => {
  const sealed = sealSecret(masterKey, what, 'mine', 'a secret');
  expect(openSecret(masterKey, what, 'mine', sealed)).toBe('a secret');
  expect(() => openSecret(masterKey, what, 'yours', sealed)).toThrow();
  expect(() => openSecret(Buffer.alloc(32, 8), what, 'mine', sealed)).toThrow();
  for (const other of kinds.filter((kind) => kind !== what)) {
    expect(() => openSecret(masterKey, other, 'mine', sealed)).toThrow();
  }
  const bytes = Buffer.from(sealed, 'base64');
  for (let length = 0; length < bytes.length; length++) {
    expect(() => openSecret(masterKey, what, 'mine', bytes.subarray(0, length).toString('base64'))).toThrow();
  }
});

test('a sealed nothing has its whole tag, too', () => {
  const sealed = sealSecret(masterKey, 'page', 'mine', '');
  const bytes = Buffer.from(sealed, 'base64');
  expect(bytes).toHaveLength(IV_AND_TAG_BYTES);
  for (const length of [16, 20, 24, 27]) {
    expect(() => openSecret(masterKey, 'page', 'mine', bytes.subarray(0, length).toString('base64'))).toThrow();
  }
});
