import { expect, it } from 'vitest';
import { type DirectoryEstate, direct, directInXml, isInvalid, newDirectoryEstate } from '#test/directory/calls.ts';
import { ANSWER_MS, handled, invitedByEmail, KEPT_MS, listed, registered } from '#test/directory/handshakes.ts';
import type { Answer, Signer } from '#test/support/estate.ts';

export const idsIn = ({ Handshakes }: Answer['body']): string[] =>
  Handshakes.Handshake.map(({ HandshakeId }: Answer['body']) => HandshakeId);

/** An estate with an account that has been sent so many invitations by one directory, the last of which waits, and who reads the list. */
async function listEstate(whose: 'Account' | 'ResourceDirectory', count: number) {
  const estate = await newDirectoryEstate();
  const invitee = await registered(estate, { Email: 'new@example.com' });
  const ids: string[] = [];
  for (let nth = 0; nth < count; nth++) {
    const { HandshakeId } = await invitedByEmail(estate);
    if (nth < count - 1) await handled(estate, invitee, 'Decline', HandshakeId);
    estate.advance(1000);
    ids.push(HandshakeId);
  }
  const by = whose === 'Account' ? invitee : estate.parent;
  return { estate, ids, by };
}

/** What both lists of invitations promise. */
export function listsLikeAll(whose: 'Account' | 'ResourceDirectory'): void {
  const action = `ListHandshakesFor${whose}`;
  const page = (estate: DirectoryEstate, by: Signer, PageNumber: number, PageSize: number) =>
    listed(estate, by, whose, { PageNumber, PageSize });

  it('invitations are listed by pages, in the order in which they were sent, with their statuses', async () => {
    const { by, estate, ids } = await listEstate(whose, 5);
    const first = await listed(estate, by, whose);
    expect(first).toMatchObject({ TotalCount: 5, PageNumber: 1, PageSize: 10 });
    expect(idsIn(first)).toEqual(ids);
    const statuses = first.Handshakes.Handshake.map(({ Status }: Answer['body']) => Status);
    expect(statuses).toEqual(['Declined', 'Declined', 'Declined', 'Declined', 'Pending']);
    const second = await page(estate, by, 2, 2);
    expect(second).toMatchObject({ TotalCount: 5, PageNumber: 2, PageSize: 2 });
    expect(idsIn(second)).toEqual(ids.slice(2, 4));
    expect(idsIn(await page(estate, by, 3, 2))).toEqual(ids.slice(4));
    expect(await page(estate, by, 4, 2)).toMatchObject({ TotalCount: 5, Handshakes: { Handshake: [] } });
  });

  it('they are listed until thirty days after they ended', async () => {
    const { by, estate, ids } = await listEstate(whose, 2);
    estate.advance(ANSWER_MS);
    const { Handshakes } = await listed(estate, by, whose);
    expect(Handshakes.Handshake.map(({ Status }: Answer['body']) => Status)).toEqual(['Declined', 'Expired']);
    estate.advance(KEPT_MS - ANSWER_MS);
    expect(idsIn(await listed(estate, by, whose))).toEqual(ids.slice(1));
    estate.advance(ANSWER_MS);
    expect(await listed(estate, by, whose)).toMatchObject({ TotalCount: 0, Handshakes: { Handshake: [] } });
  });

  it('an empty list has its wrapper, in XML too', async () => {
    const { by, estate } = await listEstate(whose, 0);
    expect(await listed(estate, by, whose)).toMatchObject({ TotalCount: 0, Handshakes: { Handshake: [] } });
    const xml = await directInXml(estate, by, action);
    expect(xml).toMatch(/<TotalCount>0<\/TotalCount>.*<Handshakes ?(?:\/>|><\/Handshakes>)/);
  });

  it('a list in XML has each invitation in its wrapper', async () => {
    const { by, estate, ids } = await listEstate(whose, 2);
    const xml = await directInXml(estate, by, action);
    for (const id of ids) expect(xml).toContain(`<Handshake><HandshakeId>${id}</HandshakeId>`);
    expect(xml.match(/<Handshakes>/g)).toHaveLength(1);
  });

  it('pages begin with 1 and have at most 100', async () => {
    const { by, estate } = await listEstate(whose, 0);
    for (const params of [{ PageNumber: 0 }, { PageNumber: 'x' }, { PageSize: 0 }, { PageSize: 101 }]) {
      const [parameter = ''] = Object.keys(params);
      expect(await direct(estate, by, action, params)).toStrictEqual(isInvalid(parameter));
    }
  });
}
