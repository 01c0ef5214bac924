import { randomBytes } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ensureTable, localClient } from '#infra/local/database.ts';
import { app as rpc } from '#infra/operations.ts';
import { openDeps } from '#lib/deps.ts';
import { systemPorts } from '#lib/ports.ts';
import { issue } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { commit, type Write } from '#lib/table/commit.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { type Answer, type Params, type Signer, signedCall } from '#test/support/estate.ts';

/** An estate whose client is at hand, to listen to it or to cut its line. */
export interface TappedEstate {
  readonly client: DynamoDBDocumentClient;
  readonly operator: Signer;
  account(legalName: string): Promise<Signer>;
  call(signer: Signer, action: string, params?: Params): Promise<Answer>;
  /** Turns the domain's clock. */
  advance(ms: number): void;
}

let accounts = 0;

/** Makes an estate with a table of its own. */
export async function newTappedEstate(): Promise<TappedEstate> {
  const client = localClient(await testEndpoint());
  const tableName = `test-${randomBytes(8).toString('hex')}`;
  await ensureTable(client, tableName);
  let offsetMs = 0;
  const ports = { ...systemPorts, now: () => Date.now() + offsetMs, log: () => undefined };
  const deps = openDeps({ client, tableName, masterKey: Buffer.alloc(32, 7), ports });
  const save = (write: Write) => commit(deps.table, write);
  const signer = async (uid: number | undefined): Promise<Signer> => {
    const keyId = ports.ids.accessKeyId();
    await save(issue({ keyId, uid, active: true, createdAtMs: ports.now() }));
    return { uid: uid ?? 0, keyId, secret: deps.keyring.derive(keyId) };
  };
  return {
    client,
    operator: await signer(undefined),
    async account(legalName) {
      const uid = 1_700_000_000_000_000 + ++accounts;
      await save(register({ uid, name: `login${uid}@test`, legalName, createdAtMs: ports.now() }, 'given'));
      return signer(uid);
    },
    async call(by, action, params = {}) {
      const [path, init] = signedCall(by, action, by.uid === 0 ? '2026-01-01' : '2017-12-14', params);
      const request = new Request(`http://tributary.test${path}`, init);
      const response = await rpc.fetch(request, { deps, sourceIp: '203.0.113.7' });
      return { status: response.status, body: await response.json() };
    },
    advance: (ms) => {
      offsetMs += ms;
    },
  };
}
