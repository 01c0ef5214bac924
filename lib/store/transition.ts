import type { StoredForm } from '#lib/domain/machine.ts';
import { allOf, anyOf, type Fragment } from '#lib/table/expressions.ts';

/** That a row's status, its deadline compared with `nowMs`, is one of the forms. */
export function standsAs(forms: readonly StoredForm<string>[], nowMs: number): Fragment {
  const alternatives = forms.map(({ status, deadline }): Fragment => {
    const stands: Fragment = { text: `#status = :${status}`, values: { [`:${status}`]: status } };
    if (deadline === undefined) return stands;
    const compared = deadline === 'ahead' ? '#deadlineMs > :nowMs' : '#deadlineMs <= :nowMs';
    return allOf([stands, { text: compared, values: { ':nowMs': nowMs } }]);
  });
  return anyOf(alternatives);
}
