import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { OwnReason } from '#lib/errors.ts';
import { bssErrors } from '#lib/products/bss/errors.ts';
import type { Envelope, Product } from '#lib/products/product.ts';

/** Alibaba Cloud BSS OpenAPI: who pays for whom. */
export const bss: Product<OwnReason<typeof bssErrors>> = {
  name: 'bss',
  version: '2017-12-14',
  dialect: alibaba,
  defaultFormat: 'bySignature',
  errors: bssErrors,
};

/** The envelope of operations on one relation. Its `RequestId` is the caller's own, if given (docs/vendors/alibaba-bss.md 6.1, Q20). */
export const relationEnvelope: Envelope = (data, { requestId, parameters }) => ({
  Code: '200',
  Message: 'OK',
  RequestId: String(parameters['RequestId'] ?? requestId),
  Success: true,
  Data: data,
});

/** The envelope of queries (docs/vendors/alibaba-bss.md 6.1). */
export const queryEnvelope: Envelope = (data, { requestId }) => ({
  Code: 'Success',
  Message: 'Successful!',
  RequestId: requestId,
  Success: true,
  Data: data,
});
