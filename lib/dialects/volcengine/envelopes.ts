import type { Envelope } from '#lib/dialects/product.ts';

const baseResp = { StatusMessage: '', StatusCode: 0 };

/** A list: the fields, beside the vendor's inner status. */
export const listEnvelope: Envelope = (output) => ({ Result: { ...output, BaseResp: baseResp } });

/**
 * An acknowledgement. The seed prints `Result` inside the metadata, every client reads it beside (seed DeleteFinancialRelation,
 * reference volcengine-billing 4.3): it stands in both places.
 */
export const acknowledgement: Envelope = (output) => {
  const result = { IsSuccess: true, ...output, BaseResp: baseResp };
  return { ResponseMetadata: { Result: result }, Result: result };
};
