import type { IncomingHttpHeaders } from 'node:http';

/** The origins of the pages that may read answers; `*` is any. */
export type Cors = readonly string[];

/** The headers by which a browser lets a page of an allowed origin ask and read; none for others. */
export function corsHeaders(headers: IncomingHttpHeaders, allowed: Cors): [name: string, value: string][] {
  const { origin, 'access-control-request-headers': wanted } = headers;
  if (origin === undefined || !(allowed.includes('*') || allowed.includes(origin))) return [];
  return [
    ['access-control-allow-origin', origin],
    ['vary', 'Origin'],
    ['access-control-expose-headers', '*'],
    ['access-control-allow-methods', 'GET, POST'],
    // A page signs its calls, and `Authorization` is allowed only where it is named.
    ...(wanted === undefined ? [] : [['access-control-allow-headers', wanted] satisfies [string, string]]),
  ];
}
