import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { jsonSchemaOf } from '#infra/jsonSchema.ts';
import { openApiDocuments } from '#infra/openApi.ts';
import { operations } from '#infra/operations.ts';
import { readRecordedExamples } from '#infra/recordedExamples.ts';
import { securitySchemes } from '#infra/securitySchemes.ts';
import { versionsOf } from '#lib/pipeline/route.ts';
import { schemeNames } from '#test/support/everyScheme.ts';
import { described, examplesOf } from '#test/support/openApi.ts';

const documents = Object.entries(openApiDocuments(operations, readRecordedExamples()));
const { answerFaults, document, requestFaults, operations: posts } = described();

/** A copy, because the validator writes into what it is given. */
const copyOf = (value: unknown) => JSON.parse(JSON.stringify(value));

describe.each(documents)('%s', (path, text) => {
  test('is committed as it would be written now', () => {
    const committed = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    expect(committed, 'write it anew with "npm run docs"').toBe(text);
  });

  test('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(JSON.parse(text))).toEqual({ valid: true });
  });
});

describe('the document of all products', () => {
  test('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(copyOf(document))).toEqual({ valid: true });
  });

  test('has every operation at its own path, and every way to sign', () => {
    const paths = operations.map(({ action, product }) => `/${product.name}/${action}`);
    expect(posts.map(([path]) => path).toSorted()).toEqual(paths.toSorted());
    expect(Object.keys(document.components.securitySchemes).toSorted()).toEqual([...schemeNames].toSorted());
    expect(Object.keys(securitySchemes)).toEqual(Object.keys(document.components.securitySchemes));
  });

  test('refers to nothing that it has not', () => {
    const pointers = JSON.stringify(document).match(/(?<="\$ref":"#\/components\/)[^"]+/g) ?? [];
    const { responses, schemas } = document.components;
    const known = [
      ...Object.keys(schemas).map((name) => `schemas/${name}`),
      ...Object.keys(responses).map((name) => `responses/${name}`),
    ];
    expect([...new Set(pointers)].filter((pointer) => !known.includes(pointer))).toEqual([]);
  });

  test('has nothing that stands for nothing', () => {
    expect(JSON.stringify(document)).not.toMatch(/undefined|\[object|NaN|<mark>/);
  });
});

describe.each(posts)('%s', (path, { requestBody, responses }) => {
  test('has an example of a request, its answer and a refusal, which are as they are described', () => {
    const [request, ...others] = examplesOf(requestBody);
    expect([request?.[0], others]).toEqual(['answered', []]);
    expect(requestFaults(path, request?.[1])).toEqual([]);
    const [answer] = examplesOf(responses['200']);
    expect(answerFaults(path, 200, answer?.[1])).toEqual([]);
    const refused = Object.entries(responses).flatMap(([status, response]) =>
      status === '200' ? [] : examplesOf(response).map(([reason, body]) => ({ status: Number(status), reason, body })),
    );
    expect(refused).toHaveLength(1);
    for (const { body, reason, status } of refused) {
      expect(answerFaults(path, status, body)).toEqual([]);
      expect(JSON.stringify(body)).toContain(`"Reason":"${reason}"`);
    }
  });
});

describe.each(operations.map((operation) => [operation.action, operation] as const))('%s', (_, operation) => {
  const { action, errors, product, versions = {} } = operation;
  const post = document.paths[`/${product.name}/${action}`]?.post;
  const text = JSON.stringify(post);

  test('tells all that it refuses for', () => {
    for (const reason of errors) expect(text).toMatch(new RegExp(`"title":"(?:[^"]*, )?${reason}[", ]`));
  });

  test('tells in which versions it is, and which parameters are in some of them alone', () => {
    expect(text).toContain(`"schema":{"enum":${JSON.stringify(versionsOf(operation))}`);
    const { properties } = Object(post?.requestBody.content['application/json'].schema);
    for (const [version, terms] of Object.entries(versions)) {
      for (const name of terms?.parameters ?? []) expect(properties[name]['x-versions']).toContain(version);
    }
  });
});

describe('a schema of what is sent', () => {
  test('has bounds, forms, allowed values, defaults and descriptions', () => {
    const schema = v.object({
      Size: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100), v.description('Rows.')), 10),
      Name: v.pipe(v.string(), v.minLength(2), v.maxLength(9), v.regex(/^a/), v.regex(/z$/)),
      Kind: v.picklist(['a', 'b']),
      Tags: v.pipe(v.array(v.literal('x')), v.maxLength(3)),
    });
    expect(jsonSchemaOf(schema)).toEqual({
      type: 'object',
      properties: {
        Size: { type: 'integer', minimum: 1, maximum: 100, description: 'Rows.', default: 10 },
        Name: { type: 'string', minLength: 2, maxLength: 9, pattern: '^a', allOf: [{ pattern: 'z$' }] },
        Kind: { type: 'string', enum: ['a', 'b'] },
        Tags: { type: 'array', items: { const: 'x' }, maxItems: 3 },
      },
      required: ['Name', 'Kind', 'Tags'],
    });
  });

  test('tells what is sent, not what it is decoded to', () => {
    const id = v.pipe(
      v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
      v.regex(/^\d+$/),
      v.transform(Number),
      v.maxValue(9),
      v.description('An id.'),
    );
    expect(jsonSchemaOf(id)).toEqual({ type: 'string', pattern: '^\\d+$', description: 'An id.' });
  });
});
