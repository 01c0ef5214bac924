import { itemKinds } from '#lib/domain/governance/catalogue.ts';
import { type Applied, type Configuration, ItemFailure, type ItemKind } from '#lib/domain/governance/itemKind.ts';

export const uid = 1_500_000_000_000_001;
export const managementUid = 1_500_000_000_000_000;

/** The item whose name ends so. */
export function itemNamed(end: string): ItemKind {
  const found = itemKinds.find(({ name }) => name === `ACS-BP_ACCOUNT_FACTORY_${end}`);
  if (found === undefined) throw new Error(`no item ${end}`);
  return found;
}

/** Applies an item to an account, which must succeed. */
export function applied(kind: ItemKind, config?: object, configuration: Configuration = {}): Applied {
  const outcome = attempted(kind, config, configuration);
  if (outcome instanceof ItemFailure) throw new Error(outcome.code);
  return outcome;
}

/** The same, which may fail. */
export function attempted(kind: ItemKind, config?: object, configuration: Configuration = {}): Applied | ItemFailure {
  return kind.apply(config && JSON.stringify(config), { uid, managementUid, configuration });
}

/** What the account looks like after the item was applied with one configuration after the other. */
export function leftBy(kind: ItemKind, ...configs: (object | undefined)[]): object {
  const { name } = kind;
  return configs.reduce<object>(
    (before, config) => applied(kind, config, { [name]: before }).after,
    applied(kind).after,
  );
}

/** Whether the item takes the configuration. */
export function accepts(kind: ItemKind, config: unknown): boolean {
  return kind.accepts(JSON.stringify(config));
}
