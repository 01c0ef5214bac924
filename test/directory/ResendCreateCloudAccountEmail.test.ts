import { describe, expect, it } from 'vitest';
import { ASK_AGAIN_MS, asked } from '#test/directory/asking.ts';
import { directInXml, newDirectoryEstate } from '#test/directory/calls.ts';
import { refusesLikeAll, resendsLikeAll } from '#test/directory/recordOperations.ts';

const action = 'ResendCreateCloudAccountEmail';

describe('the mail of a creation that is sent anew', () => {
  resendsLikeAll('creation');

  it('is answered in XML by the fields of the creation, in their order', async () => {
    const estate = await newDirectoryEstate();
    const first = await asked(estate);
    estate.advance(ASK_AGAIN_MS);
    const xml = await directInXml(estate, estate.parent, action, { RecordId: first.RecordId });
    const names = [...xml.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect(names).toEqual([`${action}Response`, 'RequestId', 'Account', ...Object.keys(first)]);
  });
});

refusesLikeAll('creation', 'resend');
