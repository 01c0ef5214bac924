import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { OwnReason } from '#lib/errors.ts';
import { bssErrors } from '#lib/products/bss/errors.ts';
import type { Product } from '#lib/products/product.ts';

/** Alibaba Cloud BSS OpenAPI: who pays for whom. */
export const bss: Product<OwnReason<typeof bssErrors>> = {
  name: 'bss',
  version: '2017-12-14',
  dialect: alibaba,
  defaultFormat: 'bySignature',
  errors: bssErrors,
};
