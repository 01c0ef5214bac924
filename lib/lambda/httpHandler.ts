import type { Hono } from 'hono';
import { type Received, receive } from '#lib/auth/received.ts';
import type { Deps } from '#lib/deps.ts';
import type { Env } from '#lib/pipeline/middleware.ts';
import { answerOf } from '#lib/pipeline/service.ts';

/** The fields used of an HTTP API event, payload format 2.0. */
export interface HttpEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Without the cookies, which the API takes out. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies?: readonly string[];
  readonly body?: string | null;
  readonly isBase64Encoded: boolean;
  readonly requestContext: { readonly http: { readonly method: string; readonly sourceIp: string } };
}

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Serves an app as a Lambda function behind an HTTP API. Reads the raw parts of the event, because a signature covers the
 * bytes that were sent, and Hono's own adapter encodes them anew.
 */
export function httpHandler(app: Hono<Env>, deps: Deps): (event: HttpEvent) => Promise<HttpResult> {
  return async (event) => {
    const { body, headers, status } = await answerOf(app, receivedIn(event), deps);
    return { statusCode: status, headers, body };
  };
}

function receivedIn(event: HttpEvent): Received {
  const { rawPath, rawQueryString, headers, cookies, body, isBase64Encoded, requestContext } = event;
  const { method, sourceIp } = requestContext.http;
  const sent = new Map<string, string[]>();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) sent.set(name.toLowerCase(), [asSent(value)]);
  }
  // botocore signs every header that it is given.
  if (cookies?.length) sent.set('cookie', [asSent(cookies.join('; '))]);
  return receive({
    method,
    path: rawPath,
    query: rawQueryString,
    headers: sent,
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
    sourceIp,
  });
}

/** Header values are bytes, one character each. Characters above U+00FF show that the API has decoded them as UTF-8. */
function asSent(value: string): string {
  return /^[\0-\xff]*$/.test(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
}
