import type { RawRequest } from '#lib/auth/authenticate.ts';
import { pairsOf } from '#lib/auth/encoding.ts';

/**
 * The format an answer has to have; undefined for one that does not exist. Without `Format` it is JSON, but XML for a request
 * signed the RPC 1.0 way, as the vendor has it (reference alibaba-bss 5.3).
 */
export function formatOf(request: RawRequest): 'json' | 'xml' | undefined {
  const pairs = pairsOf(request);
  const format = pairs.find(([name]) => name === 'Format')?.[1].toLowerCase();
  if (format === undefined || format === '')
    return pairs.some(([name]) => name === 'SignatureVersion') ? 'xml' : 'json';
  return format === 'json' || format === 'xml' ? format : undefined;
}
