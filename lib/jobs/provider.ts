import { findItemKind } from '#lib/domain/governance/catalogue.ts';
import type { EnrolledItem } from '#lib/domain/governance/effective.ts';
import type { EnrolmentFailure } from '#lib/domain/governance/enrolmentFailure.ts';
import { type Applied, ItemFailure, type ItemTarget } from '#lib/domain/governance/itemKind.ts';

/** What has become of an item that was to be applied to an account. */
export type Provided =
  | { readonly is: 'applied'; readonly applied: Applied; readonly claimRefused: EnrolmentFailure | undefined }
  | { readonly is: 'handedOver' }
  /** It may succeed later. */
  | { readonly is: 'unavailable'; readonly failure: EnrolmentFailure }
  | { readonly is: 'failed'; readonly failure: EnrolmentFailure };

/** What applies items to accounts. It is asked again if its answer is lost, so applying twice has to amount to applying once. */
export interface Provider {
  apply(item: EnrolledItem, target: ItemTarget): Promise<Provided>;
}

/** Applies items to what this service itself keeps of an account. */
const builtInProvider: Provider = {
  async apply({ config, name, version }, target) {
    const kind = findItemKind(name, version);
    if (kind === undefined) return { is: 'failed', failure: itemUnknown(name) };
    const applied = kind.apply(config, target);
    if (applied instanceof ItemFailure) return { is: 'failed', failure: applied };
    return { is: 'applied', applied, claimRefused: kind.claimRefused };
  },
};

/** Hands over the items that are named, separated by commas, for somebody else to apply and report on; applies the others itself. */
export function providerOf(handedOver = ''): Provider {
  const names = handedOver.split(',').map((name) => name.trim());
  return {
    async apply(item, target) {
      return names.includes(item.name) ? { is: 'handedOver' } : builtInProvider.apply(item, target);
    },
  };
}

function itemUnknown(name: string): EnrolmentFailure {
  const message = `The specified baseline item named ${name} does not exist.`;
  return { product: 'governance', code: 'InvalidBaselineItem.NotFound', message };
}
