import type { MiddlewareHandler } from 'hono';
import { asResponse, type Env } from '#lib/pipeline/middleware.ts';

/** Where monitors ask whether a service is up. */
export const healthPath = '/health';

/** Whether it can be reached and has loaded. Anybody may ask, so it asks the table nothing and is not recorded. */
export const health: MiddlewareHandler<Env> = async ({ env: { received } }, next) => {
  const { method } = received;
  if (method !== 'GET' && method !== 'HEAD') return next();
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return asResponse({ status: 200, headers, body: method === 'HEAD' ? '' : '{"status":"ok"}' });
};
