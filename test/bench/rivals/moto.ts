import { cyclesOf } from '#test/bench/bench.ts';
import { type Rival, startServer } from '#test/bench/rivals/rival.ts';
import type { Served } from '#test/bench/served.ts';

export const moto: Rival = {
  name: 'moto',
  about:
    'moto 5.2.5 (Python), AWS Organizations of `moto_server`, which has no invitations: create an account in the organization, ask whether ' +
    'that is done, remove the account. All is in the memory of one process, and gone with it. No signature is verified, nobody has to ' +
    'agree, nothing is a transaction, a condition or an event.',
  install: {
    file: 'python3',
    words: ['-m', 'pip', 'install', '--quiet', '--target', 'site', '--upgrade', 'moto[server]==5.2.5'],
  },
  async start(folder, _data, pairs) {
    const words = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'];
    const client = await startServer({ file: 'python3', words, env: { PYTHONPATH: 'site' } }, folder);
    const owners = Array.from({ length: pairs }, (_, nth) => String(100_000_000_000 + nth));
    for (const owner of owners) await called(client, owner, 'CreateOrganization', { FeatureSet: 'ALL' });
    return { cycles: (count) => cyclesOf(owners, count, (owner) => cycle(client, owner)), close: client.close };
  },
};

async function cycle(client: Served, owner: string): Promise<void> {
  const created = await called(client, owner, 'CreateAccount', { AccountName: 'login', Email: 'login@bench.test' });
  const { Id } = created.CreateAccountStatus;
  const asked = await called(client, owner, 'DescribeCreateAccountStatus', { CreateAccountRequestId: Id });
  const { AccountId } = asked.CreateAccountStatus;
  await called(client, owner, 'RemoveAccountFromOrganization', { AccountId });
}

/** A call of the account that owns the organization. Of its signature the server reads no more than the service. */
async function called(client: Served, owner: string, action: string, body: object) {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSOrganizationsV20161128.${action}`,
    'x-moto-account-id': owner,
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIABENCH/20260101/us-east-1/organizations/aws4_request, SignedHeaders=host, Signature=none',
  };
  return JSON.parse((await client.post('/', headers, JSON.stringify(body))) || '{}');
}
