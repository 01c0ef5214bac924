import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { Envelope, Product } from '#lib/products/product.ts';

/** Alibaba Cloud BSS OpenAPI: who pays for whom. */
export const bss: Product = { name: 'bss', version: '2017-12-14', dialect: alibaba };

/** The envelope of operations on one relation; their `RequestId` is the caller's own (reference alibaba-bss 6.1, Q20). */
export const relationEnvelope: Envelope = (data, { requestId, parameters }) => ({
  Code: '200',
  Message: 'OK',
  RequestId: String(parameters['RequestId'] ?? requestId),
  Success: true,
  Data: data,
});

/** The envelope of queries (reference alibaba-bss 6.1). */
export const queryEnvelope: Envelope = (data, { requestId }) => ({
  Code: 'Success',
  Message: 'Successful!',
  RequestId: requestId,
  Success: true,
  Data: data,
});
