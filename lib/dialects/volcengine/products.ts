import type { Product } from '#lib/dialects/product.ts';
import { volcengine } from '#lib/dialects/volcengine/dialect.ts';

/** Volcengine billing: enterprise finance. */
export const billing: Product = { name: 'billing', version: '2022-01-01', dialect: volcengine };
