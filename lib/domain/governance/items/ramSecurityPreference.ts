import * as v from 'valibot';
import { itemKind } from '#lib/domain/governance/itemKind.ts';

const MOST_MASKS = 40;

/** Addresses and address ranges, joined by semicolons; none is anywhere. */
const networkMasks = v.pipe(
  v.string(),
  v.maxLength(512),
  v.regex(/^(?:[\dA-Fa-f.:]+(?:\/\d{1,3})?(?:;(?!$)|$))*$/),
  v.check((masks) => masks.split(';').length <= MOST_MASKS),
);

/** Bounds and defaults are those of the service that has the settings (docs/vendors/alibaba-governance.md 6.3). */
const preference = v.object({
  LoginNetworkMasks: v.optional(networkMasks, ''),
  EnableSaveMfaTicket: v.optional(v.boolean(), false),
  AllowUserToChangePassword: v.optional(v.boolean(), true),
  AllowUserToManageAccessKeys: v.optional(v.boolean(), false),
  AllowUserToManageMfaDevices: v.optional(v.boolean(), true),
  EnforceMfaForLogin: v.optional(v.boolean(), false),
  LoginSessionDuration: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(24)), 6),
});

/** What RAM users may do for themselves, and how they log on. What is not named is as by default. */
export const ramSecurityPreference = itemKind({
  name: 'ACS-BP_ACCOUNT_FACTORY_RAM_SECURITY_PREFERENCE',
  description: 'The security preferences of RAM users.',
  config: preference,
  state: preference,
  apply: (config) => config,
});

/** The configuration that changes nothing: every setting as by default. */
export const defaultSecurityPreference = JSON.stringify(v.getDefaults(preference));
