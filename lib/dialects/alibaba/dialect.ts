import { valueIn } from '#lib/auth/encoding.ts';
import { headerOf, type Received } from '#lib/auth/received.ts';
import { alibabaErrors } from '#lib/dialects/alibaba/errors.ts';
import { alibabaParameters } from '#lib/dialects/alibaba/parameters.ts';
import { xmlDocument } from '#lib/dialects/alibaba/xml.ts';
import type { Dialect, Rendered } from '#lib/dialects/dialect.ts';
import { Refusal } from '#lib/errors.ts';

/** Alibaba Cloud's RPC style: flat parameters in, one JSON or XML object out (docs/vendors/wire.md 7.1 and 8.1). */
export const alibaba: Dialect = {
  vendor: 'alibaba',
  errors: alibabaErrors,
  newRequestId: ({ ids }) => ids.uuid().toUpperCase(),
  parameters(request) {
    if (formatOf(request) === undefined) throw new Refusal('FormatUnknown', {});
    return alibabaParameters(request);
  },
  success(body, { request, requestId, action }) {
    return written(request, 200, requestId, `${action}Response`, body);
  },
  failure({ status, code, message, reason }, { request, requestId }) {
    const body = {
      RequestId: requestId,
      HostId: headerOf(request, 'host') ?? '',
      Code: code,
      Message: message,
      ...(reason && { Reason: reason }),
    };
    return written(request, status, requestId, 'Error', body);
  },
};

/** The clients read an XML error only under exactly this content type (docs/vendors/wire.md 7.1). */
function written(request: Received, status: number, requestId: string, root: string, body: object): Rendered {
  const asXml = formatOf(request) === 'xml';
  const text = asXml ? xmlDocument(root, body) : JSON.stringify(body);
  const headers = {
    'content-type': asXml ? 'text/xml;charset=utf-8' : 'application/json;charset=utf-8',
    'x-acs-request-id': requestId,
  };
  return { status, headers, body: text };
}

/**
 * The format an answer has to have; undefined for one that does not exist. Without `Format` it is JSON, but XML for a request
 * signed the RPC 1.0 way, as the vendor has it (docs/vendors/alibaba-bss.md 5.3).
 */
function formatOf({ pairs }: Received): 'json' | 'xml' | undefined {
  const format = valueIn(pairs, 'Format')?.toLowerCase();
  if (!format) return valueIn(pairs, 'SignatureVersion') === undefined ? 'json' : 'xml';
  return format === 'json' || format === 'xml' ? format : undefined;
}
