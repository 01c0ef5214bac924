import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { OwnReason } from '#lib/errors.ts';
import { enrolmentErrors, governanceErrors } from '#lib/products/governance/errors.ts';
import type { Envelope, Product } from '#lib/products/product.ts';

const errors = { ...governanceErrors, ...enrolmentErrors };

/** Alibaba Cloud Governance Center: the account factory (docs/vendors/alibaba-governance.md). */
export const governance: Product<OwnReason<typeof errors>> = {
  name: 'governance',
  version: '2021-01-20',
  dialect: alibaba,
  defaultFormat: 'bySignature',
  errors,
};

/** The answer's fields after `RequestId`, as in the vendor's sample. */
export const governanceEnvelope: Envelope = (fields, { requestId }) => ({ RequestId: requestId, ...fields });
