import { Refusal } from '#lib/errors.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    /** The account factory, or the enrolment of an account, is being deployed. */
    BlueprintDeploying: { blueprint: string };
    /** What the account factory stands on, the resource structure, has not been deployed. */
    StructureMissing: { blueprint: string };
    /** The account factory is in a status in which it enrols nobody. */
    FactoryUnfit: Record<never, never>;
    /** There is no account factory, or the account is not enrolled. */
    BlueprintUnknown: Record<never, never>;
    /** An item that is to be applied depends on one that is not. */
    ItemDependencyMissing: { item: string; dependency: string };
  }
}

export const factoryStatuses = ['ready', 'structureMissing', 'missing', 'suspended', 'deploying'] as const;

/** How far the landing zone of a directory is: ready, unless an operator has said otherwise. */
export type FactoryStatus = (typeof factoryStatuses)[number];

/** What refusals call the account factory. Items are named after it (docs/vendors/alibaba-governance.md 6.1). */
export const FACTORY_BLUEPRINT = 'ACS-BP_ACCOUNT_FACTORY';

/** Throws `StructureMissing`, `BlueprintUnknown`, `FactoryUnfit` or `BlueprintDeploying` unless accounts can be enrolled. */
export function refuseUnready(status: FactoryStatus): void {
  switch (status) {
    case 'ready':
      return;
    case 'structureMissing':
      throw new Refusal('StructureMissing', { blueprint: FACTORY_BLUEPRINT });
    case 'missing':
      throw new Refusal('BlueprintUnknown', {});
    case 'suspended':
      throw new Refusal('FactoryUnfit', {});
    case 'deploying':
      throw new Refusal('BlueprintDeploying', { blueprint: FACTORY_BLUEPRINT });
  }
}
