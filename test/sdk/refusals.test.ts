import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, listen } from '#infra/local/server.ts';
import { operations, app as rpc } from '#infra/operations.ts';
import type { Deps } from '#lib/deps.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { versionsOf } from '#lib/pipeline/route.ts';
import { answerOf } from '#lib/pipeline/service.ts';
import { directory, resourceManager as earlier } from '#lib/products/directory/product.ts';
import { type RefusedCall, situated, unneeded } from '#test/directory/situations.ts';
import { directoryClient, genericClient, resourceManager, thrownBy } from '#test/support/clients.ts';
import type { Params } from '#test/support/estate.ts';
import { stage } from '#test/support/examples.ts';

const own = operations.filter(({ product }) => product.name === directory.name);
const rows = own.flatMap((operation) =>
  operation.errors.map((reason) => ({ action: operation.action, reason, operation })),
);

let server: LocalServer;
let deps: Deps;

beforeAll(async () => {
  server = await listen(0, { controls: new Hono(), answer: (received) => answerOf(rpc, received, deps) });
});

afterAll(() => server.close());

/** How a refusal is told. */
interface Row {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What the reference says of an operation's refusal for a reason, in a version. */
function documented(action: string, reason: string, version: string): Row {
  const [, section = ''] = reference.split(`\n## ${action}\n`);
  const [text = ''] = section.split('\n## ');
  const found = [...text.matchAll(/^\| (\S.*?) \| (\d{3}) \| `(.*?)` \| (.*) \|$/gm)].flatMap(
    ([, reasons = '', status, code = '', message = '']) =>
      reasons.split(', ').flatMap((one) => {
        const [, name, of] = /^(\w+)(?: \((.+)\))?$/.exec(one) ?? [];
        const isMeant = name === reason && (of === undefined || of === version);
        return isMeant ? [{ status: Number(status), code, message }] : [];
      }),
  );
  expect(found, `${action} ${reason}`).toHaveLength(1);
  return found[0] ?? expect.fail();
}

const reference = readFileSync(new URL('../../docs/reference/directory.md', import.meta.url), 'utf8');

/** Calls an operation as a client of its version does: the earlier has typed methods, the later none for Node.js. */
function call({ action }: Operation, version: string, { by, params }: RefusedCall): Promise<unknown> {
  const account = { baseUrl: server.baseUrl, keyId: by.keyId, secret: by.secret };
  if (version !== earlier) return genericClient(account, version, 'query')(action, structured(params));
  return typed(directoryClient(account), action, structured(params));
}

/** A method of the typed client, found by its name. All but those without parameters take a request of a class of their own. */
function typed(client: object, action: string, parameters: object): Promise<unknown> {
  const method: unknown = Reflect.get(client, `${action[0]?.toLowerCase()}${action.slice(1)}`);
  const Request: unknown = Reflect.get(resourceManager, `${action}Request`);
  if (typeof method !== 'function') return expect.fail(`no method for ${action}`);
  if (typeof Request !== 'function') return method.call(client);
  const fields = fieldsOf(parameters, Reflect.get(Request, 'names')());
  return method.call(client, Reflect.construct(Request, [fields]));
}

/** Parameters under the names that the client has for them; it knows none that only the other version has. */
function fieldsOf(parameters: object, names: Readonly<Record<string, string>>): object {
  const fields = new Map(Object.entries(names).map(([field, name]) => [name, field]));
  const known = Object.entries(parameters).filter(([name]) => fields.has(name));
  return Object.fromEntries(known.map(([name, value]) => [fields.get(name), lowered(value)]));
}

function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  // The client writes a list that is told as JSON itself.
  if (typeof value === 'string' && value.startsWith('[')) return JSON.parse(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? String(value) : value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [`${name[0]?.toLowerCase()}${name.slice(1)}`, lowered(one)]),
  );
}

/** Flattened parameters as lists and objects. */
function structured(params: Params): Record<string, unknown> {
  const whole: Record<string, unknown> = {};
  const lists: Record<string, (object | string)[]> = {};
  for (const [name, value] of Object.entries(params)) {
    const [list = name, nth, member] = name.split('.');
    if (value === undefined) continue;
    if (nth === undefined) {
      whole[name] = value;
      continue;
    }
    const held = lists[list] ?? [];
    const before = Object(held[Number(nth) - 1]);
    held[Number(nth) - 1] = member === undefined ? String(value) : { ...before, [member]: value };
    lists[list] = held;
  }
  return { ...whole, ...lists };
}

describe('a client is told of each refusal by status, code and message', () => {
  test.each(rows)('$action: $reason', async ({ action, operation, reason }) => {
    const situate = async () => {
      const { estate, example } = await stage(operation);
      return { estate, refused: await situated(operation, reason, estate, example) };
    };
    let { estate, refused } = await situate();
    const versions = versionsOf(operation).filter((one) => refused.version === undefined || refused.version === one);
    expect(versions).not.toEqual([]);
    for (const [nth, version] of versions.entries()) {
      // A refused call changes nothing, but a process in which something happens meanwhile is good for one.
      if (nth > 0 && refused.process) ({ estate, refused } = await situate());
      deps = refused.process ?? estate.deps;
      const { code, message, status } = documented(action, reason, version);
      const error = await thrownBy(call(operation, version, refused));
      const { code: told, statusCode } = Object(error);
      expect({ code: told, statusCode }).toEqual({ code, statusCode: status });
      expect(String(error)).toContain(`${code}: code: ${status}, ${message} request id: `);
      expect(estate.logged.at(-1)).toMatchObject({ action, reason });
    }
  });
});

test('no situation is of a refusal that no operation declares', () => {
  expect(own.flatMap(unneeded)).toEqual([]);
});
