import { expect, test } from 'vitest';
import { openKeyring } from '#lib/auth/keyring.ts';
import type { AccessKey } from '#lib/domain/account.ts';

const masterKey = Buffer.alloc(32, 7);
const stored: AccessKey = { keyId: 'k', uid: 5, active: true, createdAtMs: 0 };

test('a key read before it was forgotten serves the call that read it, and no later one', async () => {
  const reads: ((key: AccessKey) => void)[] = [];
  const find = () => new Promise<AccessKey>((resolve) => reads.push(resolve));
  const keyring = openKeyring(find, masterKey, () => 0);
  const earlier = keyring.secretOf('k');
  keyring.forget('k');
  reads[0]?.(stored);
  expect(await earlier).toMatchObject({ active: true });
  const later = keyring.secretOf('k');
  expect(reads).toHaveLength(2);
  reads[1]?.({ ...stored, active: false });
  expect(await later).toMatchObject({ active: false });
  expect(await keyring.secretOf('k')).toMatchObject({ active: false });
});

test('the master key is read once, when an access key is first looked up, and again only if that failed', async () => {
  let reads = 0;
  const read = async () => {
    if (++reads === 1) throw new Error('not now');
    return masterKey;
  };
  const keyring = openKeyring(
    async () => stored,
    read,
    () => 0,
  );
  expect(() => keyring.derive('k')).toThrow('the master key has not been read');
  expect(reads).toBe(0);
  await expect(keyring.secretOf('k')).rejects.toThrow('not now');
  const [one, other] = await Promise.all([keyring.secretOf('k'), keyring.secretOf('k')]);
  const signatory = { kind: 'account', keyId: 'k', uid: 5, isRoot: false };
  expect(one).toEqual({ active: true, secret: keyring.derive('k'), signatory });
  expect(other).toEqual(one);
  await keyring.prepare();
  expect(reads).toBe(2);
});

test('an unknown access key needs no master key', async () => {
  const keyring = openKeyring(
    async () => undefined,
    () => expect.fail('it was read'),
    () => 0,
  );
  expect(await keyring.secretOf('k')).toBeUndefined();
});
