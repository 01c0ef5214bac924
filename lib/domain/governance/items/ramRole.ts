import * as v from 'valibot';
import { ItemFailure, itemKind, merged } from '#lib/domain/governance/itemKind.ts';

const roles = v.array(
  v.object({
    Name: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/)),
    DurationSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(3600), v.maxValue(43_200)), 3600),
    SystemPolicies: v.optional(v.array(v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/))), []),
  }),
);

/** By this role the management account acts in a member. Every member has it from the start. */
const GIVEN_ROLE = 'ResourceDirectoryAccountAccessRole';

/** Roles that the management account may assume. Those that an earlier enrolment made are updated; one that exists otherwise is not touched. */
export const ramRole = itemKind({
  name: 'ACS-BP_ACCOUNT_FACTORY_RAM_ROLE',
  description: 'RAM roles that the management account may assume.',
  config: v.object({ EnableRoles: v.optional(roles, []) }),
  state: v.object({ Roles: roles, TrustedUid: v.number() }),
  apply({ EnableRoles }, { before, managementUid }) {
    if (EnableRoles.some(({ Name }) => insensitive(Name) === insensitive(GIVEN_ROLE))) return roleExists;
    const all = merged(before?.Roles ?? [], EnableRoles, ({ Name }) => insensitive(Name));
    return { Roles: all, TrustedUid: managementUid };
  },
});

const roleExists = new ItemFailure('Ram', 'EntityAlreadyExists.Role', 'The role already exists.');

/** RAM tells names of roles apart without regard to case. */
function insensitive(name: string): string {
  return name.toLowerCase();
}
