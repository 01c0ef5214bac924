import { valueIn } from '#lib/auth/encoding.ts';
import { headerOf, type Received } from '#lib/auth/received.ts';
import { gatewayErrors } from '#lib/dialects/alibaba/errors.ts';
import { alibabaParameters } from '#lib/dialects/alibaba/parameters.ts';
import { xmlDocument } from '#lib/dialects/alibaba/xml.ts';
import type { Addressed, Dialect, Rendered } from '#lib/dialects/dialect.ts';
import { Refusal } from '#lib/errors.ts';

/** Alibaba Cloud's RPC style: flat parameters in, one JSON or XML object out (docs/vendors/wire.md 7.1 and 8.1). */
export const alibaba: Dialect = {
  vendor: 'alibaba',
  errors: gatewayErrors,
  newRequestId: ({ ids }) => ids.uuid().toUpperCase(),
  parameters(request, emptiable) {
    if (formatNamed(request) === 'unknown') throw new Refusal('FormatUnknown', {});
    return alibabaParameters(request, emptiable);
  },
  success(body, addressed) {
    return written(addressed, 200, `${addressed.action}Response`, body);
  },
  failure({ status, code, message, reason }, addressed) {
    const body = {
      RequestId: addressed.requestId,
      HostId: headerOf(addressed.request, 'host') ?? '',
      Code: code,
      Message: message,
      ...(reason && { Reason: reason }),
    };
    return written(addressed, status, 'Error', body);
  },
};

/** The clients read an XML error only under exactly this content type (docs/vendors/wire.md 7.1). */
function written(addressed: Addressed, status: number, root: string, body: object): Rendered {
  const isXml = formatOf(addressed) === 'xml';
  const headers = {
    'content-type': isXml ? 'text/xml;charset=utf-8' : 'application/json;charset=utf-8',
    'x-acs-request-id': addressed.requestId,
  };
  return { status, headers, body: isXml ? xmlDocument(root, body) : JSON.stringify(body) };
}

/**
 * The format of an answer: the one the request names, else the product's default. Clients that sign with RPC 1.0 expect
 * XML (docs/vendors/alibaba-bss.md 5.3). A format that does not exist is refused in JSON.
 */
function formatOf({ request, defaultFormat = 'bySignature' }: Addressed): 'json' | 'xml' {
  const named = formatNamed(request);
  if (named !== undefined) return named === 'xml' ? 'xml' : 'json';
  const isRpc = valueIn(request.pairs, 'SignatureVersion') !== undefined;
  return defaultFormat === 'bySignature' && isRpc ? 'xml' : 'json';
}

function formatNamed({ pairs }: Received): 'json' | 'xml' | 'unknown' | undefined {
  const format = valueIn(pairs, 'Format')?.toLowerCase();
  if (!format) return undefined;
  return format === 'json' || format === 'xml' ? format : 'unknown';
}
