import * as v from 'valibot';
import { areApart, isWithin, rangeOf } from '#lib/domain/governance/cidr.ts';
import { itemKind, merged } from '#lib/domain/governance/itemKind.ts';

const cidrBlock = v.pipe(
  v.string(),
  v.check((block) => rangeOf(block) !== undefined),
);

const aclEntry = v.object({
  Name: v.optional(v.string(), ''),
  Protocol: v.string(),
  CidrIp: cidrBlock,
  Port: v.pipe(v.string(), v.regex(/^(?:-1\/-1|\d{1,5}\/\d{1,5})$/)),
  Policy: v.picklist(['accept', 'drop']),
});

/** The place of an entry in its list is its rank. */
const networkAcl = v.object({
  Name: v.string(),
  Description: v.optional(v.string(), ''),
  IngressAclEntries: v.optional(v.array(aclEntry), []),
  EgressAclEntries: v.optional(v.array(aclEntry), []),
});

const network = v.pipe(
  v.object({
    RegionId: v.pipe(v.string(), v.regex(/^[a-z\d-]{1,64}$/)),
    Name: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
    CidrBlock: cidrBlock,
    Description: v.optional(v.string(), ''),
    VSwitches: v.optional(v.array(v.object({ Name: v.string(), ZoneId: v.string(), CidrBlock: cidrBlock })), []),
    NetworkAcls: v.optional(v.array(networkAcl), []),
  }),
  v.check(({ CidrBlock, VSwitches }) => VSwitches.every((one) => isWithin(one.CidrBlock, CidrBlock))),
  v.check(({ VSwitches }) => areApart(VSwitches.map((one) => one.CidrBlock))),
);

const networks = v.pipe(
  v.array(network),
  v.check((all) => new Set(all.map(placeOf)).size === all.length),
);

/** Networks with their parts. One of the same name in the same region is replaced, others stay. */
export const vpc = itemKind({
  name: 'ACS-BP_ACCOUNT_FACTORY_VPC',
  description: 'VPCs with their vSwitches and network ACLs.',
  config: v.object({ Vpcs: v.optional(networks, []) }),
  state: v.object({ Vpcs: networks }),
  apply({ Vpcs }, { before }) {
    return { Vpcs: merged(before?.Vpcs ?? [], Vpcs, placeOf) };
  },
});

function placeOf({ Name, RegionId }: { readonly Name: string; readonly RegionId: string }): string {
  return `${RegionId} ${Name}`;
}
