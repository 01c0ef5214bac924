import * as v from 'valibot';
import { itemKind } from '#lib/domain/governance/itemKind.ts';

const services = v.array(v.pipe(v.string(), v.regex(/^\w{1,64}$/)));

/** JSON that is nested some thousands deep can be read, but not be written again. */
const MOST_LEVELS = 16;

/** What their elements look like is not known, so they are kept as they are (docs/vendors/alibaba-governance.md 10). */
const configurations = v.pipe(
  v.array(v.record(v.string(), v.unknown())),
  v.check((all) => isNestedWithin(MOST_LEVELS, all)),
);

/** Cloud services that are activated. None is deactivated. */
export const subscribeServices = itemKind({
  name: 'ACS-BP_ACCOUNT_FACTORY_SUBSCRIBE_SERVICES',
  description: 'Cloud services that are activated in the account.',
  config: v.object({
    EnabledServices: v.optional(services, []),
    EnabledServiceConfigurations: v.optional(configurations),
  }),
  state: v.object({ EnabledServices: services, EnabledServiceConfigurations: configurations }),
  apply({ EnabledServiceConfigurations, EnabledServices }, { before }) {
    return {
      EnabledServices: [...new Set([...(before?.EnabledServices ?? []), ...EnabledServices])],
      EnabledServiceConfigurations: EnabledServiceConfigurations ?? before?.EnabledServiceConfigurations ?? [],
    };
  },
});

function isNestedWithin(levels: number, json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return true;
  return levels > 0 && Object.values(json).every((member) => isNestedWithin(levels - 1, member));
}
