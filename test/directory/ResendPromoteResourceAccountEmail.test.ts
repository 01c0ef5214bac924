import { describe, expect, it } from 'vitest';
import { ASK_AGAIN_MS, accountNow, promoting, recordUnfit } from '#test/directory/asking.ts';
import { direct, directInXml, newDirectoryEstate } from '#test/directory/calls.ts';
import { refusesLikeAll, resendsLikeAll } from '#test/directory/recordOperations.ts';

const action = 'ResendPromoteResourceAccountEmail';

describe('the mail of a promotion that is sent anew', () => {
  resendsLikeAll('promotion');

  it('is answered in XML by the fields of the promotion, in their order', async () => {
    const estate = await newDirectoryEstate();
    const first = await promoting(estate);
    estate.advance(ASK_AGAIN_MS);
    const xml = await directInXml(estate, estate.parent, action, { RecordId: first.RecordId });
    const names = [...xml.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect(names).toEqual([`${action}Response`, 'RequestId', 'Account', ...Object.keys(first)]);
    expect((await accountNow(estate, first.AccountId)).Status).toBe('PromoteVerifying');
  });

  it('is refused once the account is no member any more', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId, RecordId } = await promoting(estate);
    const Key = { pk: `ACCOUNT#${AccountId}`, sk: 'MEMBER' };
    await estate.deps.table.transact([{ Delete: { Key } }]);
    estate.advance(ASK_AGAIN_MS);
    expect(await direct(estate, estate.parent, action, { RecordId })).toStrictEqual(recordUnfit);
  });
});

refusesLikeAll('promotion', 'resend');
