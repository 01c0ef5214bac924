import { volcengine } from '#lib/dialects/volcengine/dialect.ts';
import type { OwnReason } from '#lib/errors.ts';
import { billingErrors } from '#lib/products/billing/errors.ts';
import type { Envelope, Product } from '#lib/products/product.ts';

/** Volcengine billing: enterprise finance. */
export const billing: Product<OwnReason<typeof billingErrors>> = {
  name: 'billing',
  version: '2022-01-01',
  dialect: volcengine,
  defaultFormat: 'json',
  errors: billingErrors,
};

const baseResp = { StatusMessage: '', StatusCode: 0 };

/** The envelope of lists, with the vendor's status inside. */
export const listEnvelope: Envelope = (output) => ({ Result: { ...output, BaseResp: baseResp } });

/**
 * The envelope of acknowledgements. `Result` stands in both places: the vendor's page shows it inside the metadata,
 * every client reads it beside the metadata (docs/decisions.md D28).
 */
export const acknowledgement: Envelope = (output) => {
  const result = { IsSuccess: true, ...output, BaseResp: baseResp };
  return { ResponseMetadata: { Result: result }, Result: result };
};
