import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { OwnReason } from '#lib/errors.ts';
import { directoryErrors } from '#lib/products/directory/errors.ts';
import type { Envelope, Product, VersionTerms } from '#lib/products/product.ts';

/** ResourceManager, and what came after it: ResourceDirectoryMaster. */
export const resourceManager = '2020-03-31';
export const resourceDirectoryMaster = '2022-04-19';

/** Of an operation that the later version has dropped, and of one that the earlier has not (docs/vendors/alibaba-resource-directory.md 9.3). */
export const onlyBefore = { [resourceManager]: {} };
export const onlySince = { [resourceDirectoryMaster]: {} };

/** The versions of an operation that has more in the later one. */
export function sinceMaster(terms: VersionTerms) {
  return { [resourceManager]: {}, [resourceDirectoryMaster]: terms };
}

/** Alibaba Cloud Resource Management: a directory of member accounts (docs/vendors/alibaba-resource-directory.md). */
export const directory: Product<OwnReason<typeof directoryErrors>> = {
  name: 'directory',
  version: resourceManager,
  furtherVersions: [resourceDirectoryMaster],
  dialect: alibaba,
  // Terraform's provider long took tags off members under this name (docs/vendors/alibaba-resource-directory.md 13.33).
  spellings: { UnTagResources: 'UntagResources' },
  // This product alone answers JSON to clients of every signature (docs/vendors/alibaba-resource-directory.md 5.2).
  defaultFormat: 'json',
  errors: directoryErrors,
};

/** The answer's fields after `RequestId`, as in every sample. */
export const directoryEnvelope: Envelope = (fields, { requestId }) => ({ RequestId: requestId, ...fields });
