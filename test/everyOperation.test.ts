import * as v from 'valibot';
import { describe, expect, it, test } from 'vitest';
import { functionFiles } from '#infra/functionFiles.ts';
import { operations } from '#infra/operations.ts';
import { depsOver } from '#lib/deps.ts';
import { versionsOf } from '#lib/pipeline/route.ts';
import { MINUTE_MS, newParties } from '#test/bss/parties.ts';
import { inTurn, turnOf } from '#test/support/breadth.ts';
import { type Answer, type Estate, masterKey } from '#test/support/estate.ts';
import { parametersOf, requestOf, signedRequest, type Wire, xmlRoot } from '#test/support/everyOperation.ts';
import { examples, stage, waysOf } from '#test/support/examples.ts';
import { described } from '#test/support/openApi.ts';
import { restored } from '#test/support/snapshot.ts';
import { wordingOf } from '#test/support/wordings.ts';

const json = 'application/json; charset=utf-8';
const TOO_LATE_MS = 15 * 60_000 + 2_000;

const { answerFaults } = described();

const cases = operations.map((operation, nth) => [operation.action, operation, nth] as const);
/** An operation meets every seventh kind of test, the next one the next. */
const STRIDE = 7;

async function answerOf(sent: Promise<Response>, contentType = 'application/json;charset=utf-8'): Promise<Answer> {
  const response = await sent;
  expect(response.headers.get('content-type')).toBe(contentType);
  return { status: response.status, body: await response.json() };
}

/** An answer with each value replaced by its type, to compare equal calls. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}

it('every operation is served and has an example, and every file is an operation', () => {
  const files = functionFiles().map(({ name }) => name);
  const served = operations.map(({ action, product }) => `${product.name}/${action}`);
  expect(served.toSorted()).toEqual(files.filter((name) => /^(?!workers|pages)\w+\//.test(name)).toSorted());
  const named = Object.entries(examples).flatMap(([product, own]) =>
    Object.keys(own).map((action) => `${product}/${action}`),
  );
  expect(named.toSorted()).toEqual(served.toSorted());
});

describe.each(cases)('%s', (_, operation, nth) => {
  const { access, action, effect, product } = operation;
  const [version = ''] = versionsOf(operation);
  const wording = wordingOf(operation);
  const isAlibaba = product.dialect.vendor === 'alibaba';
  const answered = (estate: Estate, ...request: Parameters<Estate['send']>) =>
    answerOf(estate.send(...request), wording.contentType);

  const testInTurn = turnOf(nth, STRIDE);
  const begin = restored(() => stage(operation));
  /** The same where a process must not remember that a key was revoked. */
  const beginAnew = action === 'RevokeAccessKey' ? () => stage(operation) : begin;

  testInTurn('succeeds as its example calls it', async () => {
    const { estate, example } = await beginAnew();
    const answer = await answered(estate, ...requestOf(operation, example));
    expect(answer.status).toBe(200);
    expect(v.safeParse(operation.output, wording.output(answer.body)).issues).toBeUndefined();
  });

  testInTurn('is refused without a signature, and with a wrong one', async () => {
    const { estate, example } = await begin();
    const before = await estate.dump();
    const [path] = requestOf(operation, example);
    const bare = { method: 'POST', headers: { host: 'tributary.test', 'x-acs-action': action } };
    const versioned = { ...bare, headers: { ...bare.headers, 'x-acs-version': version } };
    expect(await answered(estate, '/', versioned)).toEqual(wording.withoutSignature);
    const forged = { ...example, by: { ...example.by, secret: `${example.by.secret}x` } };
    const wrong = await answered(estate, ...requestOf(operation, forged));
    expect(wrong).toEqual(wording.unsigned('SignatureDoesNotMatch'));
    const [, init] = requestOf(operation, example);
    const tampered = await answered(estate, `${path}&Extra=1`, init);
    expect(tampered).toEqual(wording.unsigned('SignatureDoesNotMatch'));
    expect(await estate.dump()).toEqual(before);
  });

  testInTurn('is refused when it was signed more than 15 minutes ago, or ahead', async () => {
    const { estate, example } = await begin();
    const before = await estate.dump();
    for (const offMs of [-TOO_LATE_MS, TOO_LATE_MS]) {
      const request = requestOf(operation, example, { nowMs: Date.now() + offMs });
      expect(await answered(estate, ...request)).toEqual(wording.unsigned('InvalidTimeStamp.Expired'));
    }
    expect(await estate.dump()).toEqual(before);
  });

  testInTurn('is refused when it is sent again', async () => {
    const { estate, example } = await beginAnew();
    const request = requestOf(operation, example);
    expect((await estate.send(...request)).status).toBe(200);
    const before = await estate.dump();
    // The operation may have revoked the very key it was signed with.
    expect(await answered(estate, ...request)).toEqual(wording.replayed);
    // Another process knows the nonce from the table only.
    if (effect === 'write') {
      expect(await answered(estate, ...request, estate.anotherProcess())).toEqual(wording.replayed);
    }
    expect(await estate.dump()).toEqual(before);
  });

  testInTurn('is refused to a key that is unknown, revoked or of the wrong kind', async () => {
    const { estate, example } = await stage(operation);
    const unknown = { ...example, by: { ...example.by, keyId: 'TRIBUNKNOWN' } };
    const notFound = wording.unsigned('InvalidAccessKeyId.NotFound', 404);
    expect(await answered(estate, ...requestOf(operation, unknown))).toEqual(notFound);
    const other = { ...example, by: access === 'operator' ? estate.parent : estate.operator };
    if (access !== 'anyone') expect(await answered(estate, ...requestOf(operation, other))).toEqual(wording.wrongKind);
    expect((await estate.call(estate.operator, 'RevokeAccessKey', { AccessKeyId: example.by.keyId })).status).toBe(200);
    const before = await estate.dump();
    const inactive = wording.unsigned('InvalidAccessKeyId.Inactive');
    expect(await answered(estate, ...requestOf(operation, example))).toEqual(inactive);
    const request = requestOf(operation, example);
    expect(await answered(estate, ...request, estate.anotherProcess())).toEqual(inactive);
    expect(await estate.dump()).toEqual(before);
  });

  testInTurn(
    'is refused a minute after its key was revoked elsewhere, to whom used the key all the while',
    async () => {
      const { estate, example } = await stage(operation);
      const { deps } = estate;
      let turnedMs = 0;
      const ports = { ...deps.ports, wallNow: () => Date.now() + turnedMs };
      const elsewhere = depsOver(deps.table, masterKey, ports);
      // A dry run writes nothing, so it can be sent again and again.
      const trial = effect === 'write' ? { ...example.params, DryRun: true } : example.params;
      const tried = async () => {
        const request = requestOf(operation, { ...example, params: trial }, { nowMs: ports.wallNow() });
        const response = await estate.send(...request, elsewhere);
        return { status: response.status, body: await response.json() };
      };
      const { status, body } = await tried();
      if (effect === 'read') expect(status).toBe(200);
      else expect(JSON.stringify(body)).toContain('DryRunPassed');
      const revoked = await estate.call(estate.operator, 'RevokeAccessKey', { AccessKeyId: example.by.keyId });
      expect(revoked.status).toBe(200);
      for (turnedMs = MINUTE_MS / 6; turnedMs < MINUTE_MS; turnedMs += MINUTE_MS / 6) await tried();
      expect(await tried()).toEqual(wording.unsigned('InvalidAccessKeyId.Inactive'));
    },
  );

  testInTurn('leaves one line that names it, its caller and what came of it, and no secret', async () => {
    const { estate, example } = await beginAnew();
    estate.logged.length = 0;
    const response = await estate.send(...requestOf(operation, example));
    const text = await response.text();
    expect(estate.logged).toHaveLength(1);
    expect(estate.logged[0]).toMatchObject({
      level: 'info',
      product: product.name,
      action,
      ...(example.by.uid > 0 && { uid: example.by.uid }),
      requestId: response.headers.get('x-acs-request-id') ?? response.headers.get('x-tt-logid'),
      durationMs: expect.any(Number),
      requests: expect.any(Number),
      roundTrips: expect.any(Number),
    });
    const secrets = [example.by.secret, ...(text.match(/(?<="AccessKeySecret":")[^"]+/g) ?? [])];
    for (const secret of secrets) expect(JSON.stringify(estate.logged)).not.toContain(secret);
  });

  testInTurn('ignores parameters it does not declare', async () => {
    const { estate, example } = await beginAnew();
    const params = { ...example.params, Unknown: 'x', 'Unknown2.1.Deep': 'y', constructor: 'z', ['__proto__']: 'p' };
    expect((await estate.send(...requestOf(operation, { ...example, params }))).status).toBe(200);
  });

  testInTurn('names a required parameter that is missing', async () => {
    const { estate, example } = await begin();
    const before = await estate.dump();
    const issues = v.safeParse(operation.input, {}).issues ?? [];
    for (const name of issues.map(({ path }) => String(path?.[0]?.key))) {
      const others = Object.entries(example.params).filter(([key]) => key !== name && !key.startsWith(`${name}.`));
      const params = Object.fromEntries(others);
      expect(await answered(estate, ...requestOf(operation, { ...example, params }))).toEqual(wording.missing(name));
    }
    expect(await estate.dump()).toEqual(before);
  });

  testInTurn('names a parameter that is of the wrong type', async () => {
    const { estate, example } = await begin();
    const before = await estate.dump();
    // The last version knows them all.
    const latest = versionsOf(operation).at(-1) ?? version;
    for (const name of parametersOf(operation)) {
      const others = Object.entries(example.params).filter(([key]) => !key.startsWith(`${name}.`));
      const params = { ...Object.fromEntries(others), [name]: undefined, [`${name}.field`]: 'x' };
      const asJson = {
        query: '',
        body: JSON.stringify({ ...Object.fromEntries(others), [name]: { field: 'x' } }),
        contentType: json,
        version: latest,
      };
      const inJson = requestOf(operation, example, asJson);
      expect(await answered(estate, ...inJson)).toEqual(wording.malformed(name));
      // Only Alibaba Cloud flattens objects into parameters.
      if (!isAlibaba) continue;
      const flattened = requestOf(operation, { ...example, params, version: latest });
      expect(await answered(estate, ...flattened)).toEqual(wording.malformed(name));
    }
    expect(await estate.dump()).toEqual(before);
  });

  test.each(waysOf(operation).map((way, which) => [which + 1, way] as const))(
    'answers call %i as documented, and the same at its own path, by GET, or with its parameters in a form or a JSON body',
    async (which, way) => {
      const { estate, example, rows } = which === 1 ? await begin() : await restored(() => stage(operation, way))();
      const path = `/${product.name}/${action}`;
      const query = new URLSearchParams(requestOf(operation, example)[0].slice(2)).toString();
      const answerAs = async (wire: Wire): Promise<unknown> => {
        await rows.restore();
        const answer = await answered(estate, ...requestOf(operation, example, wire));
        expect(answer.status).toBe(200);
        expect(answerFaults(path, 200, answer.body)).toEqual([]);
        return shapeOf(answer.body);
      };
      const usual = await answerAs({});
      const wires: Wire[] = [
        { path },
        { method: 'GET' },
        { method: 'GET', path },
        { query: '', body: query, contentType: 'application/x-www-form-urlencoded' },
        { query: '', body: JSON.stringify(example.params), contentType: json },
      ];
      for (const wire of inTurn(wires, nth + which)) expect(await answerAs(wire)).toEqual(usual);
    },
  );

  if (!isAlibaba) return;

  testInTurn('answers well-formed XML when asked to, success and failure', async () => {
    const { estate, example } = await beginAnew();
    const params = { ...example.params, Format: 'XML' };
    const success = await estate.send(...requestOf(operation, { ...example, params }));
    expect({ status: success.status, type: success.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'text/xml;charset=utf-8',
    });
    expect(xmlRoot(await success.text())).toBe(`${action}Response`);
    const [name] = parametersOf(operation);
    // What takes no parameters is refused for its caller.
    const bad = name === undefined ? params : { ...params, [name]: undefined, [`${name}.field`]: '<&>' };
    const by = name === undefined ? estate.operator : example.by;
    const expected = name === undefined ? wording.wrongKind : wording.malformed(name);
    const failure = await estate.send(...requestOf(operation, { by, params: bad }));
    expect({ status: failure.status, type: failure.headers.get('content-type') }).toEqual({
      status: expected.status,
      type: 'text/xml;charset=utf-8',
    });
    const text = await failure.text();
    expect(xmlRoot(text)).toBe('Error');
    expect(text).toContain(`<Code>${expected.body.Code}</Code>`);
  });
});

describe('XML stays well-formed', () => {
  it('whatever text was stored', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const ChildNick = `]]> <b a="1">&amp; ' 漢字 \u{1F600} \uFFFE`;
    const relation = { RelationType: 'enterprise_group', ParentUserId: parent.uid, ChildUserId: sibling.uid };
    const params = { ...relation, RequestId: '<&>', PermissionCodes: ['CHECK_FINANCE_INFO'], ChildNick };
    await estate.call(parent, 'AddAccountRelation', params);
    const query = `UserId=${parent.uid}&Format=xml`;
    const request = signedRequest(parent, { action: 'QueryRelationList', version: '2017-12-14', query });
    expect(xmlRoot(await (await estate.send(...request)).text())).toBe('QueryRelationListResponse');
  });

  it.each(['%00', '%0B', '%EF%BF%BF', '<&>'])(
    'whatever a parameter is called that is given twice: %s',
    async (name) => {
      const estate = await newParties();
      const query = `${name}=1&${name}=2&Format=xml&RelationId=1`;
      const request = signedRequest(estate.parent, { action: 'GetAccountRelation', version: '2017-12-14', query });
      const response = await estate.send(...request);
      expect(response.status).toBe(400);
      expect(xmlRoot(await response.text())).toBe('Error');
    },
  );
});

it('a RequestId that JSON carries as a number is answered back as the text it is', async () => {
  const estate = await newParties();
  const body = JSON.stringify({ RelationId: 1, RequestId: 42 });
  const wire = { action: 'GetAccountRelation', version: '2017-12-14', body, contentType: 'application/json' };
  const { parent, sibling } = estate;
  const relation = { RelationType: 'enterprise_group', ParentUserId: parent.uid, ChildUserId: sibling.uid };
  const params = { ...relation, RequestId: 'r', PermissionCodes: ['CHECK_FINANCE_INFO'] };
  const { RelationId } = (await estate.call(parent, 'AddAccountRelation', params)).body.Data;
  const whole = { ...wire, body: body.replace('1', String(RelationId)) };
  expect((await answerOf(estate.send(...signedRequest(parent, whole)))).body).toMatchObject({ RequestId: '42' });
});
