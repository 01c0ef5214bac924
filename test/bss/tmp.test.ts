import { it, inject } from 'vitest';
import { newEstate } from '#test/support/estate.ts';
it('t', async () => {
  try {
  for (let i = 0; i < 5; i++) { const t = performance.now(); const e = await newEstate(); const a = performance.now(); const p = await e.account('A'); const q = await e.account('B'); const b = performance.now(); const r = await e.call(p, 'AddAccountRelation', { RelationType: 'enterprise_group', ParentUserId: p.uid, ChildUserId: q.uid, RequestId: 'x', 'PermissionCodes': ['CHECK_FINANCE_INFO'] }); console.log(a-t, b-a, performance.now()-b, JSON.stringify(r)); }
  } catch (e) { console.log(inject('endpoint'), (e as any).$response, (e as any).$metadata); throw e; }
});
