import type { ItemKind } from '#lib/domain/governance/itemKind.ts';
import { accountContact } from '#lib/domain/governance/items/accountContact.ts';
import { accountNotification } from '#lib/domain/governance/items/accountNotification.ts';
import { presetTag } from '#lib/domain/governance/items/presetTag.ts';
import { ramDefaultDomain } from '#lib/domain/governance/items/ramDefaultDomain.ts';
import { ramRole } from '#lib/domain/governance/items/ramRole.ts';
import { ramSecurityPreference } from '#lib/domain/governance/items/ramSecurityPreference.ts';
import { ramUserPasswordPolicy } from '#lib/domain/governance/items/ramUserPasswordPolicy.ts';
import { subscribeServices } from '#lib/domain/governance/items/subscribeServices.ts';
import { vpc } from '#lib/domain/governance/items/vpc.ts';

/** Every item that a baseline may have, in the order in which they are listed (docs/vendors/alibaba-governance.md 6.1). */
export const itemKinds: readonly ItemKind[] = [
  accountContact,
  accountNotification,
  presetTag,
  ramRole,
  ramUserPasswordPolicy,
  ramSecurityPreference,
  ramDefaultDomain,
  subscribeServices,
  vpc,
];

/** The item of a name, in a version; undefined if there is none. */
export function findItemKind(name: string, version: string): ItemKind | undefined {
  return itemKinds.find((kind) => kind.name === name && kind.version === version);
}
