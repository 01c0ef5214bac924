import type { MiddlewareHandler } from 'hono';

const host = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;
const origin = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

const refusal = 'Only this machine may ask: Host, and Origin if there is one, must be 127.0.0.1, localhost or [::1].';

/**
 * Refuses what a web page from elsewhere has a browser send: with its own origin, or to a name of its own that it has made stand for
 * this machine.
 */
export const localOnly: MiddlewareHandler = async (c, next) => {
  const { host: asked = '', origin: asker } = c.req.header();
  if (host.test(asked) && (asker === undefined || origin.test(asker))) return next();
  return c.json({ error: refusal }, 403);
};
