import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { ids, param, type Resources } from '#infra/names.ts';

const keys = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];
const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });

/**
 * The one table. `gsi1` lists by owner and `gsi2` by counterparty, both with whole items. `due` holds only items with a
 * deadline, by shard and deadline (epoch ms), keys alone.
 */
export const tableDefinition = {
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: keys('pk', 'sk'),
  AttributeDefinitions: [
    ...['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk', 'due'].map(text),
    { AttributeName: 'deadlineMs', AttributeType: 'N' },
  ],
  GlobalSecondaryIndexes: [
    { IndexName: 'gsi1', KeySchema: keys('gsi1pk', 'gsi1sk'), Projection: { ProjectionType: 'ALL' } },
    { IndexName: 'gsi2', KeySchema: keys('gsi2pk', 'gsi2sk'), Projection: { ProjectionType: 'ALL' } },
    { IndexName: 'due', KeySchema: keys('due', 'deadlineMs'), Projection: { ProjectionType: 'KEYS_ONLY' } },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
} as const satisfies Omit<CreateTableCommandInput, 'TableName'>;

/** The attribute by which the table deletes old nonces and answers, epoch seconds. */
const ttlAttribute = 'ttl';

/** The table as deployed, protected against loss. */
export function tableResource(): Resources {
  const { StreamSpecification, ...definition } = tableDefinition;
  return {
    [ids.table]: {
      Type: 'AWS::DynamoDB::Table',
      DeletionPolicy: param('whenDeleted'),
      UpdateReplacePolicy: param('whenDeleted'),
      Properties: {
        ...definition,
        TableName: param('ownTable'),
        StreamSpecification: { StreamViewType: StreamSpecification.StreamViewType },
        TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      },
    },
  };
}
