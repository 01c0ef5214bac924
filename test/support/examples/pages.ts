import type { Parties } from '#test/bss/parties.ts';
import { asked, linkOf, promoting, submit, tokenOf, visit } from '#test/directory/asking.ts';
import { type DirectoryEstate, enabled } from '#test/directory/calls.ts';
import type { JobWay } from '#test/support/examples/workers.ts';

/** A visit of the link that was mailed for what an estate has asked for, or the sending of its form. */
const visitOf =
  (
    ask: (estate: DirectoryEstate) => Promise<{ readonly RecordId: string }>,
    { isSent, status = 200, before = async () => undefined }: Partial<Course> = {},
  ): JobWay =>
  async (estate) => {
    const { RecordId } = await ask(await enabled(estate));
    await before(estate);
    const [link, token] = [linkOf(estate.deps, RecordId), tokenOf(estate.deps, RecordId)];
    return { run: (deps) => (isSent ? submit(estate, token, deps) : visit(estate, link, {}, deps)), done: { status } };
  };

interface Course {
  readonly isSent: boolean;
  readonly status: number;
  readonly before: (estate: Parties) => Promise<unknown>;
}

const paid = (estate: DirectoryEstate) => asked(estate, { PayerAccountId: estate.parent.uid });

const taken = async ({ deps, stranger }: Parties) => {
  const Item = { pk: 'EMAIL#dev@example.com', sk: 'EMAIL', type: 'email', uid: stranger.uid };
  await deps.table.transact([{ Put: { Item } }]);
};

const frozen = (estate: Parties) =>
  estate.call(estate.operator, 'PutAccountStanding', { Uid: estate.parent.uid, Frozen: true });

/** Visits by page, which together do everything the page ever does. */
export const pages: Readonly<Record<string, readonly JobWay[]>> = {
  'pages/verify': [
    visitOf(promoting),
    visitOf(promoting, { isSent: true }),
    visitOf(promoting, { isSent: true, status: 410, before: taken }),
    visitOf(asked, { isSent: true }),
    visitOf(paid, { isSent: true }),
    visitOf(paid, { isSent: true, status: 410, before: frozen }),
  ],
};
