import { expect, it } from 'vitest';
import { directed, newDirectoryEstate } from '#test/directory/calls.ts';
import { idsIn, listsLikeAll } from '#test/directory/handshakeLists.ts';
import { handled, invited, invitedByEmail, listed, registered } from '#test/directory/handshakes.ts';

listsLikeAll('Account');

it('invitations by id and by address are one list, of all directories, in the order in which they were sent', async () => {
  const estate = await newDirectoryEstate();
  const { sibling } = estate;
  const first = await invitedByEmail(estate);
  estate.advance(1000);
  const invitee = await registered(estate, { Email: 'new@example.com' });
  await directed(estate, sibling, 'InitResourceDirectory');
  const second = (
    await directed(estate, sibling, 'InviteAccountToResourceDirectory', {
      TargetEntity: invitee.uid,
      TargetType: 'Account',
    })
  ).Handshake;
  estate.advance(1000);
  const third = await invited(estate, { TargetEntity: invitee.uid });
  const ids = [first, second, third].map(({ HandshakeId }) => HandshakeId);
  expect(idsIn(await listed(estate, invitee, 'Account'))).toEqual(ids);
  for (let page = 1; page <= 3; page++) {
    const answer = await listed(estate, invitee, 'Account', { PageNumber: page, PageSize: 1 });
    expect(answer.TotalCount).toBe(3);
    expect(idsIn(answer)).toEqual(ids.slice(page - 1, page));
  }
});

it('an invitation that was accepted stays in the list, and no list has those of others', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling, stranger } = estate;
  const { HandshakeId } = await invited(estate);
  await handled(estate, sibling, 'Accept', HandshakeId);
  const { Handshakes } = await listed(estate, sibling, 'Account');
  expect(Handshakes.Handshake).toMatchObject([{ HandshakeId, Status: 'Accepted' }]);
  for (const by of [parent, stranger]) expect(idsIn(await listed(estate, by, 'Account'))).toEqual([]);
});
