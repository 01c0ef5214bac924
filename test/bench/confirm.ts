import { Hono } from 'hono';
import { NONCE_MEMORY_MS } from '#lib/auth/authenticate.ts';
import { permissionSet } from '#lib/domain/relation/permissions.ts';
import { useNonce } from '#lib/store/once.ts';
import { fire } from '#lib/store/relations/moves.ts';
import { commit } from '#lib/table/commit.ts';
import { type Bench, median, throughput } from '#test/bench/bench.ts';
import { benchEstate } from '#test/bench/estate.ts';
import { type Invitation, invite, type Sent, signedConfirm } from '#test/bench/invitations.ts';
import { type Served, serve, serveTributary } from '#test/bench/served.ts';
import type { Estate } from '#test/support/estate.ts';

const BAR = 0.8;
const ROUNDS = 5;
const CALLS = 300;
const WIDTH = 8;

export const bench: Bench = {
  measures: `signed confirms a second over HTTP, against the bare transaction behind the same server, at least ${BAR}`,
  async run(print) {
    const estate = await benchEstate();
    const servers = { tributary: await serveTributary(estate.deps), bare: await serveBare(estate) };
    const figures = { tributary: [] as number[], bare: [] as number[] };
    for (let round = 0; round <= ROUNDS; round++) {
      for (const server of ['bare', 'tributary'] as const) {
        const invitations = await invite(CALLS, estate);
        // Signing is the client's work: it is done before the time runs.
        const calls = invitations.map(server === 'bare' ? bareConfirm : signedConfirm);
        const rate = await throughput(calls, WIDTH, ({ path, headers }) => servers[server].post(path, headers));
        // The first round only warms both up.
        if (round > 0) figures[server].push(rate);
      }
    }
    await Promise.all([servers.tributary.close(), servers.bare.close()]);
    await estate.stop();
    const ratio = median(figures.tributary.map((calls, round) => calls / (figures.bare[round] ?? Number.NaN)));
    print(
      `bare ${median(figures.bare).toFixed(0)}/s, signed ${median(figures.tributary).toFixed(0)}/s, ratio ${ratio.toFixed(2)}`,
    );
    return ratio >= BAR;
  },
};

/** The same transaction behind the same server, with no signature, schema or dialect. */
function serveBare({ deps, nowMs }: Estate): Promise<Served> {
  const { ports, table } = deps;
  const app = new Hono().post('/:relationId/:uid', async (c) => {
    const caller = { kind: 'account', keyId: 'bare', uid: Number(c.req.param('uid')), isRoot: false } as const;
    const now = nowMs();
    const names = {
      requestId: ports.ids.uuid(),
      action: 'ConfirmRelation',
      sourceIp: '',
      now: () => now,
      newEventId: () => ports.ids.eventId(now),
    };
    const call = { ...names, caller, uid: caller.uid, nowMs: now };
    const confirmed = permissionSet(['view-funds']);
    const write = fire({ event: 'accept', relationId: Number(c.req.param('relationId')), call, said: { confirmed } });
    await commit(table, [
      useNonce('bare', ports.ids.uuid(), { callId: call.requestId, attempt: 0 }, now, NONCE_MEMORY_MS),
      ...write,
    ]);
    return c.json({ ok: true });
  });
  return serve(app.fetch);
}

function bareConfirm({ child, relationId }: Invitation): Sent {
  return { path: `/${relationId}/${child.uid}`, headers: {} };
}
