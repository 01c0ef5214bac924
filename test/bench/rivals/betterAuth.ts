import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cyclesOf } from '#test/bench/bench.ts';
import { type Rival, startServer } from '#test/bench/rivals/rival.ts';
import type { Served } from '#test/bench/served.ts';

/**
 * A server as its documentation makes one, with what makes it faster and still persists: SQLite with a log of its writes, sessions that
 * are read from their cookie, no limit of rates.
 */
const program = `
  import { createServer } from 'node:http';
  import { betterAuth } from 'better-auth';
  import { getMigrations } from 'better-auth/db/migration';
  import { toNodeHandler } from 'better-auth/node';
  import { organization } from 'better-auth/plugins';
  import Database from 'better-sqlite3';
  const database = new Database(process.argv[2]);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  const server = createServer().listen(0, '127.0.0.1', async () => {
    const baseURL = 'http://127.0.0.1:' + server.address().port;
    const auth = betterAuth({
      baseURL,
      database,
      secret: 'a secret of this run alone, in a store of this run alone',
      // What hashes passwords is not measured.
      emailAndPassword: {
        enabled: true,
        password: { hash: async (password) => password, verify: async () => true },
      },
      session: { cookieCache: { enabled: true, maxAge: 3600 } },
      rateLimit: { enabled: false },
      logger: { disabled: true },
      telemetry: { enabled: false },
      plugins: [organization({ membershipLimit: 1e9, invitationLimit: 1e9 })],
    });
    await (await getMigrations(auth.options)).runMigrations();
    server.on('request', toNodeHandler(auth));
    console.log('Running on ' + baseURL);
  });
  process.on('SIGTERM', () => process.exit());
`;

/** An owner of an organization and somebody to be its member, with their cookies. */
interface Pair {
  readonly organizationId: string;
  readonly owner: Headers;
  readonly member: Headers;
  readonly email: string;
}

type Headers = Readonly<Record<string, string>>;

export const betterAuth: Rival = {
  name: 'better-auth',
  about:
    'better-auth 1.7.25 (TypeScript), its organization plugin over SQLite (better-sqlite3, write-ahead log, `synchronous = NORMAL`): invite ' +
    'a member, accept, remove the member. Callers have a session in a signed cookie, read without the store; requests are not signed, and ' +
    'may be repeated. Each call is several statements: an acceptance marks the invitation if it is still pending, then adds the member in a transaction of its own, ' +
    'and puts the mark back if that fails. No events, no permissions beside a role, nothing that stands against leaving.',
  install: {
    file: 'npm',
    words: ['install', '--no-save', '--no-audit', '--no-fund', 'better-auth@1.7.25', 'better-sqlite3@12.11.1'],
  },
  async start(folder, data, pairs) {
    const file = join(folder, 'server.mjs');
    writeFileSync(file, program);
    const words = [file, join(data, 'better-auth.sqlite')];
    const { baseUrl, ...client } = await startServer({ file: process.execPath, words }, folder);
    const made: Pair[] = [];
    for (let nth = 0; nth < pairs; nth++) made.push(await pairOf(baseUrl, nth));
    return { cycles: (count) => cyclesOf(made, count, (pair) => cycle(client, pair)), close: client.close };
  },
};

/** Signs both up, and makes the organization of the one. */
async function pairOf(baseUrl: string, nth: number): Promise<Pair> {
  const email = `member${nth}@bench.test`;
  const [owner, member] = [await signUp(baseUrl, `owner${nth}@bench.test`), await signUp(baseUrl, email)];
  const organization = await fetch(`${baseUrl}/api/auth/organization/create`, {
    method: 'POST',
    headers: owner,
    body: JSON.stringify({ name: 'Bench', slug: `bench${nth}` }),
  });
  const { id } = Object(await organization.json());
  return { email, member, owner, organizationId: id };
}

/** The headers of a browser that has just signed up. */
async function signUp(baseUrl: string, email: string): Promise<Headers> {
  const headers = { 'content-type': 'application/json', origin: baseUrl };
  const body = JSON.stringify({ email, name: 'login', password: 'a password of this run' });
  const answer = await fetch(`${baseUrl}/api/auth/sign-up/email`, { method: 'POST', headers, body });
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.replace(/;.*/, ''));
  return { ...headers, cookie: cookies.join('; ') };
}

async function cycle(client: Served, { email, member, organizationId, owner }: Pair): Promise<void> {
  const invited = await called(client, owner, 'invite-member', { email, role: 'member', organizationId });
  const accepted = await called(client, member, 'accept-invitation', { invitationId: invited.id });
  await called(client, owner, 'remove-member', { memberIdOrEmail: accepted.member.id, organizationId });
}

async function called(client: Served, headers: Headers, path: string, body: object) {
  return JSON.parse(await client.post(`/api/auth/organization/${path}`, headers, JSON.stringify(body)));
}
