/**
 * What many would deploy to do the one transaction of a confirmation: a router and a document client, bundled with what esbuild does by
 * itself for Node. No signature, no schema, no dialect, no errors.
 */
export const hello = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
  import { Hono } from 'hono';
  import { handle } from 'hono/aws-lambda';
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const TableName = process.env.TABLE_NAME;
  const app = new Hono();
  app.post('/:relation/:uid', async (c) => {
    const { relation, uid } = c.req.param();
    const pk = 'RELATION#' + relation;
    const nowMs = Date.now();
    await client.send(new TransactWriteCommand({ TransactItems: [
      { Put: {
        TableName,
        Item: { pk: 'NONCE#' + nowMs + Math.random(), sk: 'NONCE', type: 'nonce', ttl: nowMs / 1000 },
        ConditionExpression: 'attribute_not_exists(pk)',
      } },
      { Update: {
        TableName,
        Key: { pk, sk: 'RELATION' },
        UpdateExpression: 'SET #status = :active, updatedAtMs = :now, grants = list_append(grants, offered), gsi1sk = :place, gsi2sk = :phase REMOVE deadlineMs, due, offered ADD v :one',
        ConditionExpression: '#status = :inviting AND deadlineMs > :now AND childUid = :uid',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':active': 'active', ':inviting': 'inviting', ':now': nowMs, ':uid': Number(uid), ':one': 1,
          ':place': '4#' + relation, ':phase': 'b#' + relation,
        },
      } },
      { Update: {
        TableName,
        Key: { pk: 'ACCOUNT#' + uid, sk: 'PARENT' },
        UpdateExpression: 'SET relationId = :relation',
        ConditionExpression: 'attribute_not_exists(relationId)',
        ExpressionAttributeValues: { ':relation': Number(relation) },
      } },
      { Put: {
        TableName,
        Item: {
          pk, sk: 'EVENT#' + nowMs, type: 'event', event: 'accept', from: 'inviting', to: 'active',
          actor: Number(uid), timeMs: nowMs, requestId: 'r',
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      } },
    ] }));
    return c.json({ ok: true });
  });
  export const handler = handle(app);
`;
