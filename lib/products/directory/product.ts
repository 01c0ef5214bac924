import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { OwnReason } from '#lib/errors.ts';
import { directoryErrors } from '#lib/products/directory/errors.ts';
import type { Envelope, Product } from '#lib/products/product.ts';

/** Alibaba Cloud Resource Management: a directory of member accounts (docs/vendors/alibaba-resource-directory.md). */
export const directory: Product<OwnReason<typeof directoryErrors>> = {
  name: 'directory',
  version: '2020-03-31',
  dialect: alibaba,
  // This product alone answers JSON to clients of every signature (docs/vendors/alibaba-resource-directory.md 5.2).
  defaultFormat: 'json',
  errors: directoryErrors,
};

/** The answer's fields after `RequestId`, as in every sample. */
export const directoryEnvelope: Envelope = (fields, { requestId }) => ({ RequestId: requestId, ...fields });
