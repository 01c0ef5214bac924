import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { Product } from '#lib/dialects/product.ts';

/** Alibaba Cloud BSS OpenAPI: who pays for whom. */
export const bss: Product = { name: 'bss', version: '2017-12-14', dialect: alibaba };

/** This service's own operations: what the vendors do in consoles or behind closed doors. */
export const operator: Product = { name: 'operator', version: '2026-01-01', dialect: alibaba };
