import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { OwnReason } from '#lib/errors.ts';
import { operatorErrors } from '#lib/products/operator/errors.ts';
import type { Envelope, Product } from '#lib/products/product.ts';

/** This service's own operations. The vendors have consoles and internal systems for these. */
export const operator: Product<OwnReason<typeof operatorErrors>> = {
  name: 'operator',
  version: '2026-01-01',
  dialect: alibaba,
  defaultFormat: 'bySignature',
  errors: operatorErrors,
};

/** The answer's fields beside `RequestId`. */
export const flatEnvelope: Envelope = (fields, { requestId }) => ({ RequestId: requestId, ...fields });
