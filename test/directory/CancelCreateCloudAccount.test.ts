import { describe, expect, it } from 'vitest';
import { asked } from '#test/directory/asking.ts';
import { direct, directed, memberUnknown, newDirectoryEstate } from '#test/directory/calls.ts';
import { refusesLikeAll } from '#test/directory/recordOperations.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const action = 'CancelCreateCloudAccount';

describe('a creation that is cancelled', () => {
  it('leaves no account, and is answered by the id of the request alone', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId, RecordId } = await asked(estate);
    expect(await directed(estate, estate.parent, action, { RecordId })).toStrictEqual({ RequestId: serverRequestId });
    expect(await direct(estate, estate.parent, 'GetAccount', { AccountId })).toStrictEqual(memberUnknown);
  });

  it('frees its address and its display name at once', async () => {
    const estate = await newDirectoryEstate();
    const { RecordId } = await asked(estate);
    await directed(estate, estate.parent, action, { RecordId });
    expect((await asked(estate)).Status).toBe('CreateVerifying');
  });
});

refusesLikeAll('creation', 'cancel');
