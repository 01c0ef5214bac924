import { volcengine } from '#lib/dialects/volcengine/dialect.ts';
import type { Envelope, Product } from '#lib/products/product.ts';

/** Volcengine billing: enterprise finance. */
export const billing: Product = { name: 'billing', version: '2022-01-01', dialect: volcengine };

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
