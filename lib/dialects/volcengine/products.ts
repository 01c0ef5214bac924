import { volcengine } from '#lib/dialects/volcengine/dialect.ts';
import type { Product } from '#lib/operation.ts';

/** Volcengine billing: enterprise finance. */
export const billing: Product = { name: 'billing', version: '2022-01-01', dialect: volcengine };
