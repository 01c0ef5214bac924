import { describe, expect, it } from 'vitest';
import { accountNow, promoted, promoting } from '#test/directory/asking.ts';
import { created, directed, directInXml, newDirectoryEstate } from '#test/directory/calls.ts';
import { refusesLikeAll } from '#test/directory/recordOperations.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const action = 'CancelPromoteResourceAccount';

describe('a promotion that is cancelled', () => {
  it('leaves a resource account that says so, and is answered by the id of the request alone', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId, RecordId } = await promoting(estate);
    estate.advance(1000);
    expect(await directed(estate, estate.parent, action, { RecordId })).toStrictEqual({ RequestId: serverRequestId });
    expect(await accountNow(estate, AccountId)).toMatchObject({
      Status: 'PromoteCancelled',
      Type: 'ResourceAccount',
      ModifyTime: new Date(estate.nowMs()).toISOString(),
    });
  });

  it('is answered in XML', async () => {
    const estate = await newDirectoryEstate();
    const { RecordId } = await promoting(estate);
    const xml = await directInXml(estate, estate.parent, action, { RecordId });
    expect(xml).toMatch(/<CancelPromoteResourceAccountResponse><RequestId>[\dA-F-]{36}<\/RequestId><\/Cancel/);
  });

  it('frees its address for any account at once, its own as well', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId, RecordId } = await promoting(estate);
    const other = await created(estate, 'Other');
    await directed(estate, estate.parent, action, { RecordId });
    const again = await promoted(estate, { AccountId: other.AccountId, Email: 'dev@example.com' });
    await directed(estate, estate.parent, action, { RecordId: again.RecordId });
    expect((await promoted(estate, { AccountId, Email: 'dev@example.com' })).Status).toBe('PromoteVerifying');
  });
});

refusesLikeAll('promotion', 'cancel');
