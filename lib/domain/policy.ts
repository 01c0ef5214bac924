export const policies = ['management', 'trusteeship'] as const;

/** `management`: the child keeps paying, the parent gets single rights. `trusteeship`: the parent pays for the child. */
export type Policy = (typeof policies)[number];
