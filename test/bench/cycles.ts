import { type Bench, throughput } from '#test/bench/bench.ts';
import { benchEstate } from '#test/bench/estate.ts';
import { type Served, serveTributary } from '#test/bench/served.ts';
import { type Signer, signedCall } from '#test/support/estate.ts';

const CYCLES = 1200;
const WIDTH = 8;
const PAIRS = 64;

export const bench: Bench = {
  measures: `invite, confirm, relieve over HTTP, signed, ${WIDTH} at a time, in-memory table (for information)`,
  async run(print) {
    const estate = await benchEstate();
    const server = await serveTributary(estate.deps);
    const pairs = await Promise.all(
      Array.from({ length: PAIRS }, async () => ({
        parent: await estate.account('Parent Ltd.'),
        child: await estate.account('Child Ltd.'),
      })),
    );
    const free = [...pairs];
    const cycles = async () => {
      const pair = free.pop();
      if (pair === undefined) throw new Error('there are more workers than pairs');
      await cycle(server, pair.parent, pair.child);
      free.unshift(pair);
    };
    await throughput(Array(CYCLES / 4).fill(0), WIDTH, cycles);
    const rate = await throughput(Array(CYCLES).fill(0), WIDTH, cycles);
    await server.close();
    await estate.stop();
    print(`${rate.toFixed(0)} cycles/s`);
    return true;
  },
};

async function cycle(server: Served, parent: Signer, child: Signer): Promise<void> {
  const call = async (signer: Signer, action: string, params: Parameters<typeof signedCall>[3]) => {
    const [path, { headers }] = signedCall(signer, action, '2017-12-14', { RequestId: 'r', ...params });
    return JSON.parse(await server.post(path, headers)).Data;
  };
  const PermissionCodes = ['CHECK_FINANCE_INFO'];
  const pair = { RelationType: 'enterprise_group', ParentUserId: parent.uid, ChildUserId: child.uid };
  const { RelationId } = await call(parent, 'AddAccountRelation', { ...pair, PermissionCodes });
  await call(child, 'ConfirmRelation', { RelationId, ConfirmCode: 'child_agree', PermissionCodes });
  await call(parent, 'RelieveAccountRelation', { RelationId });
}
