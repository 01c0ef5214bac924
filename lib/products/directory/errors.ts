import type { ErrorCatalogue } from '#lib/errors.ts';
import { commonErrors } from '#lib/products/alibabaErrors.ts';
import { deletionWords } from '#lib/products/directory/errors/deletionWords.ts';
import { directoryWords } from '#lib/products/directory/errors/directoryWords.ts';
import { handshakeWords } from '#lib/products/directory/errors/handshakeWords.ts';
import { memberWords } from '#lib/products/directory/errors/memberWords.ts';
import { parameterWords } from '#lib/products/directory/errors/parameterWords.ts';
import { payerWords } from '#lib/products/directory/errors/payerWords.ts';

/** Words of the directory (docs/vendors/alibaba-resource-directory.md, appendix A). */
export const directoryErrors = {
  ...commonErrors,
  ...parameterWords,
  ...directoryWords,
  ...memberWords,
  ...deletionWords,
  ...handshakeWords,
  ...payerWords,
} satisfies Partial<ErrorCatalogue>;
