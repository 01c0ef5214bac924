import type { Addressed, Dialect, Rendered } from '#lib/dialects/dialect.ts';
import { gatewayErrors } from '#lib/dialects/volcengine/errors.ts';
import { volcengineParameters } from '#lib/dialects/volcengine/parameters.ts';

const SERVICE = 'billing';
const DEFAULT_REGION = 'cn-north-1';

/** Volcengine's style: Action and Version in the query, a JSON body, metadata around every answer (docs/vendors/volcengine-billing.md 4). */
export const volcengine: Dialect = {
  vendor: 'volcengine',
  errors: gatewayErrors,
  newRequestId: ({ ids, now }) => requestIdText(now(), ids.uuid().replaceAll('-', '')),
  parameters: volcengineParameters,
  success(body, addressed) {
    const { ResponseMetadata, ...rest } = { ResponseMetadata: {}, ...body };
    return written(200, addressed, { ResponseMetadata: { ...metadataOf(addressed), ...ResponseMetadata }, ...rest });
  },
  failure({ status, code, message, number = 0, reason }, addressed) {
    const error = { CodeN: number, Code: code, Message: message, ...(reason && { Reason: reason }) };
    return written(status, addressed, { ResponseMetadata: { ...metadataOf(addressed), Error: error } });
  },
};

/** Without an Action the gateway names nothing but the request (docs/vendors/volcengine-billing.md 4.2). */
function metadataOf({ action, region = DEFAULT_REGION, requestId, version }: Addressed) {
  if (action === undefined) return { RequestId: requestId };
  return { RequestId: requestId, Action: action, Version: version ?? '', Service: SERVICE, Region: region };
}

function written(status: number, { requestId }: Addressed, body: object): Rendered {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'x-tt-logid': requestId };
  return { status, headers, body: JSON.stringify(body) };
}

const utcPlus8Ms = 8 * 60 * 60 * 1000;

/** `YYYY-MM-DD hh:mm:ss` in UTC+8 (docs/vendors/volcengine-billing.md 1.10). */
export function dateTime(epochMs: number): string {
  return new Date(epochMs + utcPlus8Ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** A request id in the vendor's form: the time in UTC+8, then the first 20 of the given random hex digits. */
export function requestIdText(epochMs: number, hex: string): string {
  return `${dateTime(epochMs).replace(/\D/g, '')}${hex.slice(0, 20).toUpperCase()}`;
}
