import { ids, param, type Template } from '#infra/names.ts';
import { tableDefinition, ttlAttribute } from '#infra/table.ts';

/** The table as it is deployed: what it is made of, and what keeps it from being lost. */
export function table(): Template {
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
