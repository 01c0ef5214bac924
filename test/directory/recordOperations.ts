import { describe, expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import {
  ASK_AGAIN_MS,
  asked,
  confirmed,
  LINK_MS,
  mailedRecently,
  noRecord,
  promoting,
  recordUnfit,
  recordUnknown,
} from '#test/directory/asking.ts';
import {
  type DirectoryEstate,
  direct,
  directed,
  directoryUnknown,
  lacks,
  newDirectoryEstate,
} from '#test/directory/calls.ts';
import type { Answer } from '#test/support/estate.ts';

/** The two families of operations on an account record, and how one of each kind is asked for. */
export const families = {
  promotion: {
    ask: (estate: DirectoryEstate): Promise<Answer['body']> => promoting(estate),
    askOther: (estate: DirectoryEstate): Promise<Answer['body']> => asked(estate),
    resend: 'ResendPromoteResourceAccountEmail',
    cancel: 'CancelPromoteResourceAccount',
  },
  creation: {
    ask: (estate: DirectoryEstate): Promise<Answer['body']> => asked(estate),
    askOther: (estate: DirectoryEstate): Promise<Answer['body']> => promoting(estate),
    resend: 'ResendCreateCloudAccountEmail',
    cancel: 'CancelCreateCloudAccount',
  },
} as const;

type Family = keyof typeof families;

/** What every operation on a record refuses for: the same rows in each of the vendor's tables. */
export function refusesLikeAll(family: Family, way: 'resend' | 'cancel'): void {
  const { ask, askOther, [way]: action, cancel } = families[family];

  describe('it is refused', () => {
    const of = (estate: DirectoryEstate, RecordId: string, by = estate.parent) =>
      direct(estate, by, action, { RecordId });

    it('without a record', async () => {
      const estate = await newDirectoryEstate();
      expect(await direct(estate, estate.parent, action)).toStrictEqual(lacks('RecordId'));
      expect(await of(estate, '')).toStrictEqual(lacks('RecordId'));
    });

    it('to a caller without a directory', async () => {
      const estate = await newParties();
      expect(await direct(estate, estate.parent, action, { RecordId: noRecord })).toStrictEqual(directoryUnknown);
    });

    it('for a record there is not, that is none, or that is of another directory', async () => {
      const estate = await newDirectoryEstate();
      const { RecordId } = await ask(estate);
      await directed(estate, estate.child, 'InitResourceDirectory');
      for (const id of [noRecord, 'x', RecordId.toUpperCase(), 'x'.repeat(3000), `${RecordId}.`]) {
        expect(await of(estate, id)).toStrictEqual(recordUnknown);
      }
      expect(await of(estate, RecordId, estate.child)).toStrictEqual(recordUnknown);
    });

    it('for a record of the other kind', async () => {
      const estate = await newDirectoryEstate();
      expect(await of(estate, (await askOther(estate)).RecordId)).toStrictEqual(recordUnfit);
    });

    it('for a record that is confirmed, cancelled or expired, and changes nothing', async () => {
      const endings: ((estate: DirectoryEstate, RecordId: string) => unknown)[] = [
        confirmed,
        (estate, RecordId) => directed(estate, estate.parent, cancel, { RecordId }),
        (estate) => estate.advance(LINK_MS),
      ];
      for (const end of endings) {
        const estate = await newDirectoryEstate();
        const { RecordId } = await ask(estate);
        estate.advance(ASK_AGAIN_MS);
        await end(estate, RecordId);
        const before = await estate.dump();
        expect(await of(estate, RecordId)).toStrictEqual(recordUnfit);
        expect(await estate.dump()).toEqual(before);
      }
    });
  });
}

/** What sending a mail anew does, whatever the mail asks for. */
export function resendsLikeAll(family: Family): void {
  const { ask, resend } = families[family];

  it('answers a new record, to which alone the operations are from then on, and mails its link', async () => {
    const estate = await newDirectoryEstate();
    const first = await ask(estate);
    estate.advance(ASK_AGAIN_MS);
    const { Account } = await directed(estate, estate.parent, resend, { RecordId: first.RecordId });
    expect(Account.RecordId).not.toBe(first.RecordId);
    const { ModifyTime, RecordId, ...same } = first;
    expect(Account).toMatchObject(same);
    expect(Object.keys(Account)).toEqual(Object.keys(first));
    const again = { RecordId: first.RecordId };
    expect(await direct(estate, estate.parent, resend, again)).toStrictEqual(recordUnknown);
    const mails = (await estate.dump()).filter(({ type }) => type === 'mail');
    expect(mails.map(({ id }) => id).toSorted()).toEqual([RecordId, Account.RecordId].toSorted());
  });

  it('is refused within a minute of the last mail, whichever that is', async () => {
    const estate = await newDirectoryEstate();
    const { RecordId } = await ask(estate);
    estate.advance(ASK_AGAIN_MS - 1);
    expect(await direct(estate, estate.parent, resend, { RecordId })).toStrictEqual(mailedRecently);
    estate.advance(1);
    const { Account } = await directed(estate, estate.parent, resend, { RecordId });
    estate.advance(ASK_AGAIN_MS - 1);
    expect(await direct(estate, estate.parent, resend, { RecordId: Account.RecordId })).toStrictEqual(mailedRecently);
  });

  it('prolongs what is awaited: the new link works for a day', async () => {
    const estate = await newDirectoryEstate();
    const { RecordId } = await ask(estate);
    estate.advance(LINK_MS / 2);
    const { Account } = await directed(estate, estate.parent, resend, { RecordId });
    estate.advance(LINK_MS / 2 + ASK_AGAIN_MS);
    expect((await confirmed(estate, Account.RecordId)).status).toBe(200);
  });
}
