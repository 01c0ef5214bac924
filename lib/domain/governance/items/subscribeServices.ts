import * as v from 'valibot';
import { itemKind } from '#lib/domain/governance/itemKind.ts';

const services = v.array(v.pipe(v.string(), v.regex(/^\w{1,64}$/)));

/** What their elements look like is not known, so they are kept as they are (docs/vendors/alibaba-governance.md 10). */
const configurations = v.array(v.record(v.string(), v.unknown()));

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
