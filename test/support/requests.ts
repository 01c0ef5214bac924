import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

/** A request to DynamoDB: its command, and the number of items of a transaction. */
export interface SentRequest {
  readonly command: string;
  readonly items: number;
}

/** Records every request that the client sends from now on. How many a call waits for, one after the other, is in its log (`roundTrips`). */
export function watchRequests(client: DynamoDBDocumentClient): SentRequest[] {
  const sent: SentRequest[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      const command = String(context.commandName);
      const { TransactItems = [] } = args.input as Partial<TransactWriteCommandInput>;
      sent.push({ command, items: command.startsWith('TransactWrite') ? TransactItems.length : 0 });
      return next(args);
    },
    { step: 'initialize', name: 'watchRequests' },
  );
  return sent;
}
