import { throughput } from '#test/bench/bench.ts';
import { type Estate, type Signer, signedCall } from '#test/support/estate.ts';

const WIDTH = 8;

/** An invitation that waits for its child's answer. */
export interface Invitation {
  readonly child: Signer;
  readonly relationId: number;
}

/** A request that is signed already: signing is the client's work. */
export interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** So many invitations, each to a child of its own. */
export async function invite(count: number, { account, call }: Estate): Promise<Invitation[]> {
  const parent = await account('Parent Ltd.');
  const invitations: Invitation[] = [];
  await throughput(Array(count).fill(0), WIDTH, async () => {
    const child = await account('Child Ltd.');
    const { body } = await call(parent, 'AddAccountRelation', {
      RelationType: 'enterprise_group',
      ParentUserId: parent.uid,
      ChildUserId: child.uid,
      RequestId: 'r',
      PermissionCodes: ['CHECK_FINANCE_INFO'],
    });
    invitations.push({ child, relationId: body.Data.RelationId });
  });
  return invitations;
}

/** The child's answer, signed. */
export function signedConfirm({ child, relationId }: Invitation, ConfirmCode = 'child_agree'): Sent {
  const PermissionCodes = ['CHECK_FINANCE_INFO'];
  const params = { RelationId: relationId, ConfirmCode, RequestId: 'r', PermissionCodes };
  const [path, { headers }] = signedCall(child, 'ConfirmRelation', '2017-12-14', params);
  return { path, headers };
}
