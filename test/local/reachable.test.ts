import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { ownPaths } from '#infra/local/ownPaths.ts';
import { operations } from '#infra/operations.ts';
import { newFolder, type RunningEmulator, run, startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const PAGE = 'http://localhost:5173';
const TOKEN = 'a-token-of-some-length';

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
});

/** Asks without what `fetch` adds. */
async function asked(baseUrl: string, method: string, path: string, headers: Readonly<Record<string, string>> = {}) {
  const sent = request(`${baseUrl}${path}`, { method, headers }).end();
  const [answer] = await once(sent, 'response');
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

describe('whether it is up', () => {
  test('is answered to anybody', async () => {
    const get = await asked(emulator.baseUrl, 'GET', '/health');
    expect(get).toMatchObject({
      status: 200,
      body: '{"status":"ok"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await asked(emulator.baseUrl, 'HEAD', '/health')).toMatchObject({ status: 200, body: '' });
  });

  test('is not asked by POST', async () => {
    expect((await asked(emulator.baseUrl, 'POST', '/health')).status).toBe(404);
  });
});

describe('the address itself', () => {
  test('shows a person what this is, and a client what is wrong with its request', async () => {
    const page = await asked(emulator.baseUrl, 'GET', '/', { accept: 'text/html,application/xhtml+xml' });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.body).toContain('Tributary is running');
    for (const headers of [{}, { accept: 'application/json' }, { accept: '*/*' }]) {
      const answer = await asked(emulator.baseUrl, 'GET', '/', headers);
      expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('Action is mandatory') });
    }
    const named = await asked(emulator.baseUrl, 'GET', '/?Action=GetAccountRelation', { accept: 'text/html' });
    expect(named.status).toBe(400);
  });

  test('leads nowhere that is not there', async () => {
    const { body } = await asked(emulator.baseUrl, 'GET', '/', { accept: 'text/html' });
    for (const [, path = ''] of body.matchAll(/href="([^"]+)"/g)) {
      expect((await asked(emulator.baseUrl, 'GET', path)).status).toBe(200);
    }
  });

  test('is there for HEAD', async () => {
    expect(await asked(emulator.baseUrl, 'HEAD', '/')).toMatchObject({ status: 200, body: '' });
    expect(await asked(emulator.baseUrl, 'HEAD', '/_emulator/clock')).toMatchObject({ status: 200, body: '' });
  });
});

test('/_emulator/ lists what can be asked for, every operation and every job', async () => {
  const { status, body } = await asked(emulator.baseUrl, 'GET', '/_emulator/');
  expect(status).toBe(200);
  const { paths, jobs, products } = JSON.parse(body);
  expect(jobs).toEqual(['expireInvitations']);
  const actions = products.flatMap((product: { actions: string[] }) => product.actions);
  expect(actions.sort()).toEqual(operations.map(({ action }) => action).sort());
  expect(paths).toHaveLength(ownPaths.length);
  for (const { method, path, example } of paths) {
    const init = method === 'GET' ? {} : { method, body: JSON.stringify(example ?? {}) };
    // Of a snapshot, that which was made a moment before.
    const named = path.replace('<name>', 'before');
    expect((await fetch(`${emulator.baseUrl}${named}`, init)).status, `${method} ${path}`).toBe(200);
  }
});

describe('OPTIONS', () => {
  test.each(['*', '/', '/bss/GetAccountRelation', '/_emulator/clock'])(
    'of %s says which methods there are',
    async (path) => {
      const { hostname, port } = new URL(emulator.baseUrl);
      const sent = request({ hostname, port, path, method: 'OPTIONS' }).end();
      const [answer] = await once(sent, 'response');
      expect(answer.statusCode).toBe(204);
      expect(answer.headers.allow).toBe('GET, HEAD, POST, OPTIONS');
    },
  );
});

describe('a page of another origin', () => {
  const preflight = {
    origin: PAGE,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };

  test('may read nothing', async () => {
    for (const [method, headers] of [
      ['GET', { origin: PAGE }],
      ['OPTIONS', preflight],
    ] as const) {
      const answer = await asked(emulator.baseUrl, method, '/', headers);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('may, where it was started with --cors, if it is named there', async () => {
    const open = await startEmulatorProcess({ TRIBUTARY_DATA: ':memory:' }, 'start', ['--cors', `${PAGE}, http://two`]);
    const named = await asked(open.baseUrl, 'OPTIONS', '/', preflight);
    expect(named).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': PAGE,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization',
        vary: 'Origin',
      },
    });
    for (const path of ['/', '/_emulator/clock']) {
      const answer = await asked(open.baseUrl, 'GET', path, { origin: PAGE });
      expect(answer.headers['access-control-allow-origin']).toBe(PAGE);
    }
    const other = await asked(open.baseUrl, 'GET', '/', { origin: 'https://elsewhere.example' });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    expect((await asked(open.baseUrl, 'GET', '/_emulator/clock', { origin: 'https://elsewhere.example' })).status).toBe(
      403,
    );
    await open.end('SIGTERM');
  });

  test('of any origin may, where * was named', async () => {
    const open = await startEmulatorProcess({ TRIBUTARY_DATA: ':memory:' }, 'start', ['--cors', '*']);
    const answer = await asked(open.baseUrl, 'GET', '/', { origin: 'https://anywhere.example' });
    expect(answer.headers['access-control-allow-origin']).toBe('https://anywhere.example');
    await open.end('SIGTERM');
  });
});

describe('where other machines can reach it', () => {
  test('calls are as anywhere, and /_emulator asks for its token, by whatever name', async () => {
    const open = await startEmulatorProcess({ TRIBUTARY_DATA: ':memory:', TRIBUTARY_TOKEN: TOKEN }, 'start', [
      '--host',
      '0.0.0.0',
    ]);
    const { port } = new URL(open.baseUrl);
    expect(open.env['TRIBUTARY_TOKEN']).toBe(TOKEN);
    expect((await open.call('operator', 'ListRegisteredAccounts')).status).toBe(200);
    for (const baseUrl of [open.baseUrl, `http://127.0.0.2:${port}`]) {
      expect((await asked(baseUrl, 'GET', '/health')).status).toBe(200);
      for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, TOKEN]) {
        const refused = await asked(baseUrl, 'POST', '/_emulator/reset', authorization ? { authorization } : {});
        expect(refused).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
        expect(refused.body).toContain('Authorization: Bearer');
      }
      const shown = { authorization: `Bearer ${TOKEN}`, host: 'tributary:4600' };
      expect((await asked(baseUrl, 'GET', '/_emulator/clock', shown)).status).toBe(200);
    }
    const { stdout } = await open.end('SIGTERM');
    expect(stdout).toContain(`Token of /_emulator: ${TOKEN}\n`);
  });

  test('the token is a new one unless it is given', async () => {
    const open = await startEmulatorProcess({ TRIBUTARY_DATA: ':memory:' }, 'start', ['--host', '0.0.0.0']);
    expect(open.env['TRIBUTARY_TOKEN']).toMatch(/^[0-9a-f]{48}$/);
    await open.end('SIGTERM');
  });

  test('a token that can be guessed, and an address that is none of this machine, are refused', async () => {
    const [short, elsewhere] = await Promise.all([
      run('start', ['--host', '0.0.0.0', '--port', '0'], { TRIBUTARY_DATA: ':memory:', TRIBUTARY_TOKEN: 'short' }),
      run('start', ['--host', '203.0.113.1', '--port', '0'], { TRIBUTARY_DATA: ':memory:' }),
    ]);
    expect(short).toMatchObject({
      code: 1,
      stderr: 'TRIBUTARY_TOKEN must have at least 16 characters, and no blanks.\n',
    });
    expect(elsewhere.stderr).toBe(
      '203.0.113.1 is no address of this machine; --host is one, such as 127.0.0.1 or 0.0.0.0.\n',
    );
  });
});
