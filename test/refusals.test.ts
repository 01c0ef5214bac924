import * as v from 'valibot';
import { describe, expect, it, test } from 'vitest';
import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import { integer, text } from '#lib/dialects/fields.ts';
import { type ErrorCatalogue, type Fault, type OwnReason, type Reason, Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import type { LogRecord } from '#lib/ports.ts';
import { commonErrors } from '#lib/products/alibabaErrors.ts';
import type { Product } from '#lib/products/product.ts';
import { newTappedEstate } from '#test/store/tappedEstate.ts';
import { answerTo, type Estate, newEstate, type Params, signedCall } from '#test/support/estate.ts';
import { signedRpc } from '#test/support/everyOperation.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    KettleEmpty: { litres: number };
    KettleHot: Record<never, never>;
    KettleSold: Record<never, never>;
  }
}

const kettleErrors = {
  ...commonErrors,
  ParameterMissing: ({ parameter }) => ({
    status: 400,
    code: `MissingParameter.${parameter}`,
    message: `You must specify ${parameter}.`,
  }),
  ParameterInvalid: ({ parameter, fault }) => ({
    status: fault === 'taken' ? 409 : 400,
    code: `InvalidParameter.${parameter}.${fault}`,
    message: `The ${parameter} is invalid.`,
  }),
  KettleEmpty: ({ litres }) => ({ status: 409, code: 'Empty', message: `It holds ${litres} litres.` }),
  KettleHot: () => ({ status: 409, code: 'Hot', message: 'It is hot already.' }),
} satisfies Partial<ErrorCatalogue>;

/** A product of this test alone, with its own reasons, words and default format. */
const kettles: Product<OwnReason<typeof kettleErrors>> = {
  name: 'kettles',
  version: '2030-01-01',
  dialect: alibaba,
  defaultFormat: 'json',
  errors: kettleErrors,
};

/** A reason that the types refuse: a mistake, or a key that every object has. */
function unchecked(reason: string): Reason {
  return reason as Reason;
}

/** An operation that refuses for the reason in its input. */
const app = operation({
  action: 'BoilKettle',
  product: kettles,
  envelope: (output) => output,
  access: 'operator',
  effect: 'read',
  input: v.object({
    Reason: v.string(),
    Name: v.optional(v.pipe(text(4), v.regex(/^\w+$/))),
    Litres: v.optional(integer(1, 9)),
    Colours: v.optional(v.array(v.picklist(['red', 'blue']))),
    Whistles: v.optional(v.union([v.boolean(), v.picklist(['true', 'false'])])),
  }),
  output: v.object({}),
  errors: ['KettleEmpty'],
  async run({ input: { Name = '', Reason } }) {
    if (Reason === 'NameTaken') throw new Refusal('ParameterInvalid', { parameter: 'Name', fault: 'taken' });
    if (Reason === 'KettleEmpty') throw new Refusal('KettleEmpty', { litres: Name.length });
    throw new Refusal(unchecked(Reason), {});
  },
});

async function boil(estate: Estate, params: Params) {
  const request = signedCall(estate.operator, 'BoilKettle', kettles.version, params);
  return answered(estate, ...request);
}

async function answered({ deps }: Estate, path: string, init: RequestInit) {
  const response = await answerTo(path, init, deps, app);
  const { Code: code, Reason: reason } = v.parse(v.looseObject({ Code: v.string() }), await response.json());
  return { status: response.status, code, reason };
}

test('a product answers reasons of an aggregate of its own in its own words', async () => {
  const answer = await boil(await newEstate(), { Reason: 'KettleEmpty' });
  expect(answer).toEqual({ status: 409, code: 'Empty', reason: 'KettleEmpty' });
});

test('a product may word a missing parameter otherwise than its dialect does', async () => {
  const answer = await boil(await newEstate(), {});
  expect(answer).toEqual({ status: 400, code: 'MissingParameter.Reason', reason: 'ParameterMissing' });
});

test.each<[Params, Fault]>([
  [{ Name: 'longer' }, 'length'],
  [{ Name: 'a-b' }, 'format'],
  [{ 'Name.1': 'a' }, 'type'],
  [{ Litres: 10 }, 'range'],
  [{ Litres: 'two' }, 'format'],
  [{ 'Litres.1': 1 }, 'type'],
  [{ 'Colours.1': 'green' }, 'value'],
  [{ Colours: 'red' }, 'type'],
  [{ 'Colours.1.Name': 'red' }, 'type'],
  [{ Whistles: 'loud' }, 'value'],
  [{ 'Whistles.Name': 'true' }, 'type'],
])('a product may word in which way a parameter is invalid: %o', async (params, fault) => {
  const { code } = await boil(await newEstate(), { Reason: 'KettleEmpty', ...params });
  expect(code).toMatch(new RegExp(`^InvalidParameter\\.(?:Name|Litres|Colours|Colours\\.1|Whistles)\\.${fault}$`));
});

test('a product may word that a value is taken', async () => {
  const { code, status } = await boil(await newEstate(), { Reason: 'NameTaken' });
  expect({ code, status }).toEqual({ code: 'InvalidParameter.Name.taken', status: 409 });
});

test('a product chooses the form of answers to clients that name none', async () => {
  const estate = await newEstate();
  const call = { Action: 'BoilKettle', Version: kettles.version, Reason: 'KettleEmpty', Format: undefined };
  expect(await answered(estate, ...signedRpc(estate.operator, call))).toMatchObject({ code: 'Empty' });
});

describe('a reason that the operation does not declare', () => {
  async function recorded(reason: string) {
    const records: LogRecord[] = [];
    const answer = await boil(await newEstate({ log: (record) => records.push(record) }), { Reason: reason });
    return { answer, record: records.at(-1) };
  }

  it('is answered in the words of its product, and recorded as an error', async () => {
    const { answer, record } = await recorded('KettleHot');
    expect(answer).toEqual({ status: 409, code: 'Hot', reason: 'KettleHot' });
    expect(record).toMatchObject({ level: 'error', status: 409, code: 'Hot', reason: 'KettleHot', undeclared: true });
  });

  it.each(['KettleSold', 'constructor', '__proto__'])(
    'is answered as a fault where nobody has words for it, and recorded as what it is: %s',
    async (reason) => {
      const { answer, record } = await recorded(reason);
      expect(answer).toEqual({ status: 500, code: 'InternalError', reason: 'Internal' });
      expect(record).toMatchObject({ level: 'error', code: 'InternalError', reason, undeclared: true });
    },
  );
});

test('an operation cannot declare a reason that its product has no words for', () => {
  const declared = { action: 'SellKettle', product: kettles, envelope: (output: object) => output } as const;
  const rest = { access: 'operator', effect: 'read', input: v.object({}), output: v.object({}) } as const;
  const run = async () => ({});
  // @ts-expect-error KettleSold is a reason, but not one of this product's.
  operation({ ...declared, ...rest, errors: ['KettleSold'], run });
  expect(operation({ ...declared, ...rest, errors: ['KettleHot'], run }).operation.errors).toEqual(['KettleHot']);
});

test('a call that meets too busy a table is answered so that its client tries again', async () => {
  const { account, call, client } = await newTappedEstate();
  const caller = await account('Acme');
  const throttled = async () => {
    throw Object.assign(new Error('too much'), { name: 'ThrottlingException' });
  };
  client.middlewareStack.add(() => throttled, { step: 'initialize' });
  const answer = await call(caller, 'GetAccountRelation', { RelationId: 5, RequestId: 'r' });
  expect(answer).toMatchObject({ status: 503, body: { Code: 'ServiceUnavailable', Reason: 'Busy' } });
});
