import { randomBytes } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeSilentTable } from '#infra/local/database.ts';
import { openDeps } from '#lib/deps.ts';
import { systemPorts } from '#lib/ports.ts';
import { issue } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { commit, type Write } from '#lib/table/commit.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { type Answer, answerTo, type Params, type Signer, signedCall } from '#test/support/estate.ts';
import { noteRefusal } from '#test/support/refusalLog.ts';

/** An estate whose client is at hand, to listen to it or to cut its line. */
export interface TappedEstate {
  readonly client: DynamoDBDocumentClient;
  readonly operator: Signer;
  account(legalName: string): Promise<Signer>;
  /** Calls an operation of bss, or of operator if an operator signs, unless another version is given. */
  call(signer: Signer, action: string, params?: Params, version?: string): Promise<Answer>;
  /** Turns the domain's clock. */
  advance(ms: number): void;
}

let accounts = 0;

/** Makes an estate with a table of its own, which it reaches through a client of the kind given. */
export async function newTappedEstate(clientOf = engineClient): Promise<TappedEstate> {
  const endpoint = await testEndpoint();
  const client = clientOf(endpoint);
  const tableName = `test-${randomBytes(8).toString('hex')}`;
  await makeSilentTable(client, tableName);
  let offsetMs = 0;
  const ports = { ...systemPorts, now: () => Date.now() + offsetMs, log: noteRefusal };
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
    async call(by, action, params = {}, version = by.uid === 0 ? '2026-01-01' : '2017-12-14') {
      const [path, init] = signedCall(by, action, version, params);
      const response = await answerTo(path, init, deps);
      return { status: response.status, body: await response.json() };
    },
    advance: (ms) => {
      offsetMs += ms;
    },
  };
}
