import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

/** A request to DynamoDB: its command, and the number of items of a transaction. */
export interface RoundTrip {
  readonly command: string;
  readonly items: number;
}

/** Records every request the client sends from now on. */
export function countRoundTrips(client: DynamoDBDocumentClient): RoundTrip[] {
  const trips: RoundTrip[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      const command = String(context.commandName);
      const { TransactItems = [] } = args.input as Partial<TransactWriteCommandInput>;
      trips.push({ command, items: command.startsWith('TransactWrite') ? TransactItems.length : 0 });
      return next(args);
    },
    { step: 'initialize', name: 'countRoundTrips' },
  );
  return trips;
}
