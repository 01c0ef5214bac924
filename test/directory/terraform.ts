import { createHmac, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Answer, Estate, Signer } from '#test/support/estate.ts';

/** Parameters as the provider flattens them; an empty one is sent. */
export type Form = Readonly<Record<string, string>>;

/** A call as the provider sends it: most of its parameters in a form, some of some operations in the query. */
export type Provider = (action: string, version: string, form?: Form, inQuery?: Form) => Promise<Answer>;

/** Calls as Terraform's provider does: names and signature in the query, parameters in a form, HMAC-SHA1 over both (docs/clients/terraform.md). */
export function providerOf(estate: Estate, { keyId, secret }: Signer): Provider {
  return async (action, version, form = {}, inQuery = {}) => {
    const query = {
      Action: action,
      Format: 'json',
      Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
      Version: version,
      SignatureNonce: randomBytes(16).toString('hex'),
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      AccessKeyId: keyId,
      ...inQuery,
    };
    const canonical = Object.entries({ ...query, ...form })
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&');
    const signed = createHmac('sha1', `${secret}&`)
      .update(`POST&%2F&${encoded(canonical)}`)
      .digest('base64');
    const response = await estate.send(`/?${new URLSearchParams({ ...query, Signature: signed })}`, {
      method: 'POST',
      headers: {
        host: 'tributary.test',
        'content-type': 'application/x-www-form-urlencoded',
        'x-acs-action': action,
        'x-acs-version': version,
      },
      // As Go writes a form: a space is a plus.
      body: new URLSearchParams({ ...form }).toString(),
    });
    return { status: response.status, body: await response.json() };
  };
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The body of a success, as the provider tells one: by the status, and by no `Code` of another meaning. */
export function taken({ body, status }: Answer): Answer['body'] {
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).not.toHaveProperty('Code');
  expect(body).not.toHaveProperty('Success');
  return body;
}

/** Whether the provider takes the answer for "gone": by its status alone, whatever the code. */
export function isGone({ status }: Answer): boolean {
  return status === 404;
}

/** All pairs of tags of a resource, page by page until no token is there, as the provider counts the end. */
export async function readTags(provider: Provider, version: string, type: string, id: string): Promise<Form> {
  const tags: Record<string, string> = {};
  let NextToken: string | undefined;
  do {
    const form = { ResourceType: type, 'ResourceId.1': id, ...(NextToken !== undefined && { NextToken }) };
    const body = taken(await provider('ListTagResources', version, form));
    for (const { TagKey, TagValue } of body.TagResources) tags[TagKey] = TagValue;
    NextToken = body.NextToken ?? undefined;
  } while (NextToken !== undefined);
  return tags;
}
