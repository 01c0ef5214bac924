import type { Envelope } from '#lib/dialects/product.ts';

/** The envelope of BSS operations on one relation; their `RequestId` is the caller's own (reference alibaba-bss 6.1, Q20). */
export const relationEnvelope: Envelope = (data, { requestId, parameters }) => ({
  Code: '200',
  Message: 'OK',
  RequestId: String(parameters['RequestId'] ?? requestId),
  Success: true,
  Data: data,
});

/** The envelope of BSS queries (reference alibaba-bss 6.1). */
export const queryEnvelope: Envelope = (data, { requestId }) => ({
  Code: 'Success',
  Message: 'Successful!',
  RequestId: requestId,
  Success: true,
  Data: data,
});

/** Flat: the answer's own fields beside `RequestId`. */
export const flatEnvelope: Envelope = (fields, { requestId }) => ({ RequestId: requestId, ...fields });
