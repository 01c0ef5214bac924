import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { resourceManager } from '#lib/products/directory/product.ts';
import { governance } from '#lib/products/governance/product.ts';
import { newTappedEstate } from '#test/store/tappedEstate.ts';
import { deployedClient } from '#test/support/deployedClient.ts';

const offered = ['CHECK_FINANCE_INFO'];

/** Lets the next transaction reach the table and commit, and loses the answer on the way back. Answers what was sent. */
function loseNextAnswer({ config }: DynamoDBDocumentClient): string[] {
  const { requestHandler } = config;
  const handle = requestHandler.handle.bind(requestHandler);
  const sent: string[] = [];
  requestHandler.handle = async (request, options) => {
    const answer = await handle(request, options);
    if (!request.headers['x-amz-target']?.endsWith('TransactWriteItems')) return answer;
    sent.push(String(request.body));
    if (sent.length > 1) return answer;
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
  };
  return sent;
}

describe('a transaction whose answer is lost', () => {
  it('was committed all the same, acts once and is answered as a success', async () => {
    const estate = await newTappedEstate(deployedClient);
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Beta')];
    const invited = await estate.call(parent, 'AddAccountRelation', {
      RelationType: 'enterprise_group',
      ParentUserId: parent.uid,
      ChildUserId: child.uid,
      RequestId: 'r',
      PermissionCodes: offered,
    });
    const RelationId = invited.body.Data.RelationId;
    const sent = loseNextAnswer(estate.client);
    const answer = { RelationId, ConfirmCode: 'child_agree', RequestId: 'r', PermissionCodes: offered };
    expect((await estate.call(child, 'ConfirmRelation', answer)).body).toMatchObject({ Success: true });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toBe(sent[0]);
    const { body } = await estate.call(child, 'QueryPermissionList', { RelationId });
    expect(body.Data).toMatchObject({ State: 'RELATED', PermissionList: [expect.anything()] });
  });

  it('adds one relation, not two', async () => {
    const estate = await newTappedEstate(deployedClient);
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Alpha')];
    const sent = loseNextAnswer(estate.client);
    const added = await estate.call(parent, 'AddAccountRelation', {
      RelationType: 'enterprise_group',
      ParentUserId: parent.uid,
      ChildUserId: child.uid,
      RequestId: 'r',
      PermissionCodes: offered,
    });
    expect(added.body).toMatchObject({ Success: true });
    expect(sent).toHaveLength(2);
    const { body } = await estate.call(parent, 'QueryRelationList', { UserId: parent.uid });
    expect(body.Data).toMatchObject({
      TotalCount: 1,
      FinancialRelationInfoList: [{ RelationId: added.body.Data.RelationId }],
    });
  });

  it('is sent again in the emulator too, and known for its own; the same call with its ClientToken is answered', async () => {
    const estate = await newTappedEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Alpha')];
    const sent = loseNextAnswer(estate.client);
    const invite = () =>
      estate.call(parent, 'AddAccountRelation', {
        RelationType: 'enterprise_group',
        ParentUserId: parent.uid,
        ChildUserId: child.uid,
        RequestId: 'r',
        PermissionCodes: offered,
        ClientToken: 'mine',
      });
    const first = await invite();
    expect(first.body).toMatchObject({ Success: true });
    expect(sent).toHaveLength(2);
    expect(await invite()).toEqual(first);
    const { body } = await estate.call(parent, 'QueryRelationList', { UserId: parent.uid });
    expect(body.Data.TotalCount).toBe(1);
  });

  it.each([
    ['a deployment', deployedClient],
    ['the emulator', undefined],
  ])(
    'enrols one account in %s, and is answered as a success; so is the same call with its ClientToken',
    async (_, of) => {
      const estate = await newTappedEstate(of);
      const parent = await estate.account('Alpha');
      await estate.call(parent, 'InitResourceDirectory', {}, resourceManager);
      const sent = loseNextAnswer(estate.client);
      const params = { AccountNamePrefix: 'dev', DisplayName: 'Dev', ClientToken: 'mine' };
      const enroll = () => estate.call(parent, 'EnrollAccount', params, governance.version);
      const first = await enroll();
      expect(first).toMatchObject({ status: 200, body: { AccountUid: expect.any(Number) } });
      expect(sent).toHaveLength(2);
      expect(await enroll()).toEqual(first);
      const { body } = await estate.call(parent, 'ListEnrolledAccounts', {}, governance.version);
      expect(body.EnrolledAccounts).toMatchObject([{ AccountUid: first.body.AccountUid }]);
      const members = await estate.call(parent, 'ListAccounts', {}, resourceManager);
      expect(members.body.TotalCount).toBe(1);
    },
  );
});
