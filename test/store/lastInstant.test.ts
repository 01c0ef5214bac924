import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { resourceManager } from '#lib/products/directory/product.ts';
import { LOCAL_ANSWER_MS } from '#lib/timeouts.ts';
import { newTappedEstate, type TappedEstate } from '#test/store/tappedEstate.ts';
import type { Answer, Signer } from '#test/support/estate.ts';

const WAIT_MS = 15 * 24 * 60 * 60_000;
const offered = ['CHECK_FINANCE_INFO'];

interface Invited {
  readonly estate: TappedEstate;
  readonly child: Signer;
  answer(ConfirmCode: string): Promise<Answer>;
  /** What the relation is told to be; what has expired is said to be cancelled by its main account. */
  state(): Promise<string>;
}

async function invited(): Promise<Invited> {
  const estate = await newTappedEstate();
  const [parent, child] = [await estate.account('Alpha'), await estate.account('Beta')];
  const invited = await estate.call(parent, 'AddAccountRelation', {
    RelationType: 'enterprise_group',
    ParentUserId: parent.uid,
    ChildUserId: child.uid,
    RequestId: 'r',
    PermissionCodes: offered,
  });
  const { RelationId } = invited.body.Data;
  return {
    estate,
    child,
    answer: (ConfirmCode) =>
      estate.call(child, 'ConfirmRelation', { RelationId, ConfirmCode, RequestId: 'r', PermissionCodes: offered }),
    state: async () => (await estate.call(child, 'GetAccountRelation', { RelationId })).body.Data.Status,
  };
}

/** Does something to each transaction as it is sent. */
function onSending({ config }: DynamoDBDocumentClient, work: (sendings: number) => void): void {
  const { requestHandler } = config;
  const handle = requestHandler.handle.bind(requestHandler);
  let sendings = 0;
  requestHandler.handle = async (request, options) => {
    if (request.headers['x-amz-target']?.endsWith('TransactWriteItems')) work(++sendings);
    return handle(request, options);
  };
}

describe.each(['child_agree', 'child_disagree'])('an invitation answered %s just before it expires', (ConfirmCode) => {
  test('is not, if the answer could be carried out later than that', async () => {
    const { answer, estate, state } = await invited();
    estate.advance(WAIT_MS - LOCAL_ANSWER_MS);
    onSending(estate.client, () => estate.advance(LOCAL_ANSWER_MS));
    expect((await answer(ConfirmCode)).body).toMatchObject({ Reason: 'RelationExpired' });
    expect(await state()).toBe('CONNECTION_MASTER_CANCEL');
  });

  test('is not, if the time passes while the answer is sent again', async () => {
    const { answer, estate, state } = await invited();
    estate.advance(WAIT_MS - 60_000);
    onSending(estate.client, (sendings) => {
      if (sendings > 1) return;
      estate.advance(120_000);
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    });
    expect((await answer(ConfirmCode)).body).toMatchObject({ Reason: 'RelationExpired' });
    expect(await state()).toBe('CONNECTION_MASTER_CANCEL');
  });

  test('is, a minute before', async () => {
    const { answer, estate, state } = await invited();
    estate.advance(WAIT_MS - 60_000);
    expect((await answer(ConfirmCode)).status).toBe(200);
    expect(await state()).not.toBe('CONNECTION_MASTER_CANCEL');
  });
});

test('a code for a telephone is not good any more, if its time passes while the call is sent', async () => {
  const estate = await newTappedEstate();
  const caller = await estate.account('Alpha');
  const phone = '86-13900001234';
  const told = await estate.call(estate.operator, 'DescribeVerificationCode', {
    Uid: caller.uid,
    SecureMobilePhone: phone,
  });
  onSending(estate.client, (sendings) => {
    if (sendings > 1) return;
    estate.advance(10 * 60_000);
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  });
  const asked = {
    EnableMode: 'NewManagementAccount',
    MAName: 'user01@rdadmin.aliyunid.com',
    MASecureMobilePhone: phone,
    VerificationCode: told.body.VerificationCode,
  };
  const { body } = await estate.call(caller, 'EnableResourceDirectory', asked, resourceManager);
  expect(body).toMatchObject({ Code: 'Invalid.VerificationCode' });
  const { status } = await estate.call(caller, 'GetResourceDirectory', {}, resourceManager);
  expect(status).toBe(404);
});
