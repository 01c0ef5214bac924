import * as v from 'valibot';
import { itemKind } from '#lib/domain/governance/itemKind.ts';

const whole = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** Bounds and defaults are those of the service that has the settings (docs/vendors/alibaba-governance.md 6.3). */
const policy = v.object({
  MinimumPasswordLength: v.optional(whole(8, 32), 8),
  RequireLowercaseCharacters: v.optional(v.boolean(), false),
  RequireUppercaseCharacters: v.optional(v.boolean(), false),
  RequireNumbers: v.optional(v.boolean(), false),
  RequireSymbols: v.optional(v.boolean(), false),
  MaxPasswordAge: v.optional(whole(0, 1095), 0),
  HardExpiry: v.optional(v.boolean(), false),
  PasswordReusePrevention: v.optional(whole(0, 24), 0),
  MaxLoginAttempts: v.optional(whole(0, 32), 0),
});

/** What passwords of RAM users must be like. What is not named is as by default. */
export const ramUserPasswordPolicy = itemKind({
  name: 'ACS-BP_ACCOUNT_FACTORY_RAM_USER_PASSWORD_POLICY',
  description: 'The password policy for RAM users.',
  config: policy,
  state: policy,
  apply: (config) => config,
});

/** The configuration that changes nothing: every setting as by default. */
export const defaultPasswordPolicy = JSON.stringify(v.getDefaults(policy));
