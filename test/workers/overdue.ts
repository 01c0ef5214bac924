import { type DynamoDBDocumentClient, paginateScan, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { begin } from '#lib/domain/relation/begin.ts';
import { INVITATION_TTL_MS, type Relation } from '#lib/domain/relation/relation.ts';
import { rowOf } from '#lib/store/relations/rows.ts';
import { put } from '#lib/table/items.ts';
import type { Row } from '#lib/table/table.ts';
import type { Parties } from '#test/bss/parties.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import type { Estate } from '#test/support/estate.ts';

const IN_A_TRANSACTION = 100;

/** An invitation whose deadline was `agoMs` ago, to a child of its own, as AddAccountRelation would have stored it. */
export function overdueInvitation({ nowMs, parent }: Parties, nth: number, agoMs: number): Relation {
  const account = { name: 'login@test', createdAtMs: 0 };
  const { relation } = begin(
    {
      id: 1_000_000 + nth,
      parent: { ...account, uid: parent.uid, legalName: 'Acme' },
      child: { ...account, uid: 1_900_000_000_000_000 + nth, legalName: 'Bolt' },
      policy: 'management',
      permissions: ['view-bills'],
      nick: '',
    },
    nowMs() - INVITATION_TTL_MS - agoMs,
  );
  return relation;
}

/** Writes rows as they are, many at a time. */
export async function store({ deps }: Parties, rows: readonly Row[]): Promise<void> {
  const actions = rows.map((row) => put(row, [], () => new Error('a row without a condition was refused')).action);
  for (let first = 0; first < actions.length; first += IN_A_TRANSACTION) {
    const cancelled = await deps.table.transact(actions.slice(first, first + IN_A_TRANSACTION));
    if (cancelled) throw new Error('the rows were not written');
  }
}

/** Stores `count` invitations whose deadlines have passed, the first one longest ago. */
export async function storeOverdue(estate: Parties, count: number): Promise<void> {
  const relations = Array.from({ length: count }, (_, nth) => overdueInvitation(estate, nth, count - nth));
  await store(estate, relations.map(rowOf));
}

/** Every row of a table of any size. */
export function allRows(estate: Pick<Estate, 'tableName'>): Promise<Row[]> {
  return scanned({ TableName: estate.tableName });
}

/** Whatever is in the table has its keys, which the types of a client do not say. */
function keyed(items: readonly Record<string, unknown>[]): readonly Row[] {
  return items as readonly Row[];
}

/** Every row of a type. */
export function allOf({ tableName: TableName }: Pick<Estate, 'tableName'>, type: string): Promise<Row[]> {
  // The engine leaves out the others before they are sent and read.
  const wanted = { FilterExpression: '#type = :type', ExpressionAttributeNames: { '#type': 'type' } };
  return scanned({ TableName, ...wanted, ExpressionAttributeValues: { ':type': type } });
}

async function scanned(scan: ScanCommandInput): Promise<Row[]> {
  const client = readerOf(await testEndpoint());
  const rows: Row[] = [];
  const pages = paginateScan({ client }, { ...scan, ConsistentRead: true });
  for await (const { Items = [] } of pages) rows.push(...keyed(Items));
  return rows;
}

/** By endpoint, a client that only reads: to make one costs as much as many rows. */
const readers = new Map<string, DynamoDBDocumentClient>();

function readerOf(endpoint: string): DynamoDBDocumentClient {
  const reader = readers.get(endpoint) ?? engineClient(endpoint);
  readers.set(endpoint, reader);
  return reader;
}

/** Takes all but its keys from the row of a type that an account has. */
export async function damage(estate: Parties, type: string, uid: number): Promise<void> {
  const [row] = (await allOf(estate, type)).filter(({ pk }) => String(pk).endsWith(`#${uid}`));
  if (row === undefined) throw new Error(`the account has no ${type}`);
  const { pk, sk, schema } = row;
  await estate.deps.table.transact([{ Put: { Item: { pk, sk, type, schema } } }]);
}
