import { OWN_PATH } from '#infra/local/ownPaths.ts';
import { headerOf, type Received } from '#lib/auth/received.ts';
import type { Rendered } from '#lib/dialects/dialect.ts';
import { html } from '#lib/html.ts';

const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tributary</title>
<style>:root{color-scheme:light dark;font:100%/1.5 system-ui,sans-serif}body{margin:2rem auto;max-width:40rem;padding:0 1rem}</style>
<h1>Tributary is running</h1>
<p>Clients call it at this address: an SDK of Alibaba Cloud or Volcengine with this as its endpoint, or curl, signed with one of the
demo keys, which are in the file that the start has named.</p>
<ul>
<li><a href="${OWN_PATH}/docs">${OWN_PATH}/docs</a>: every operation, to read</li>
<li><a href="${OWN_PATH}/">${OWN_PATH}/</a>: what the emulator can do beside, and every operation there is</li>
<li><a href="${OWN_PATH}/mail">${OWN_PATH}/mail</a>, <a href="${OWN_PATH}/events">${OWN_PATH}/events</a>,
<a href="${OWN_PATH}/clock">${OWN_PATH}/clock</a>: what was mailed and published, and what time it is here</li>
<li><a href="/health">/health</a></li>
</ul>
</html>
`.text;

/**
 * What a person sees who opens the emulator's address in a browser, and whoever asks by HEAD whether anything is there. Undefined for
 * every request of a client: those ask for no HTML, and name an action.
 */
export function frontPageFor(received: Received): Rendered | undefined {
  const { method, path, query } = received;
  if (path !== '/' || query !== '') return undefined;
  const isVisit = method === 'GET' && headerOf(received, 'accept')?.includes('text/html') === true;
  if (!isVisit && method !== 'HEAD') return undefined;
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  return { status: 200, headers, body: page };
}
