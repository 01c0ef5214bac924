import { describe, expect, it } from 'vitest';
import { operations } from '#infra/operations.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { queryOf } from '#test/support/estate.ts';
import { parametersOf, requestOf, versionOf } from '#test/support/everyOperation.ts';
import { type Example, stage } from '#test/support/examples.ts';

const spellings = ['[]', '[0]', '[1]', '[x]', '.x', '.x.1', '.', '.-1'];

/** The names that an operation knows in the version of its example, with those of the options of all mutations. */
function namesIn(operation: Operation, example: Example): string[] {
  const { effect, versions = {} } = operation;
  const own = versions[versionOf(operation, example)]?.parameters ?? [];
  const others = Object.values(versions).flatMap((terms) => terms?.parameters ?? []);
  const known = parametersOf(operation).filter((name) => own.includes(name) || !others.includes(name));
  return [...known, ...(effect === 'write' ? ['ClientToken', 'DryRun'] : [])];
}

describe('a part of a parameter that is named as no vendor’s client names it is refused, not ignored:', () => {
  it.each(operations.map((operation) => [`${operation.product.name}/${operation.action}`, operation] as const))(
    '%s',
    async (_, operation) => {
      const { estate, example } = await stage(operation);
      const unchanged = await estate.dump();
      const send = async (added: string) => {
        const query = [queryOf(example.params), added].filter(Boolean).join('&');
        const response = await estate.send(...requestOf(operation, example, { query }));
        return { status: response.status, text: await response.text() };
      };
      for (const name of namesIn(operation, example)) {
        for (const spelling of spellings) {
          const { status, text } = await send(`${encodeURIComponent(name + spelling)}=1`);
          expect(status, `${name}${spelling}: ${text}`).toBeGreaterThanOrEqual(400);
          expect(estate.logged.at(-1), `${name}${spelling}`).toMatchObject({
            level: 'info',
            reason: 'ParameterInvalid',
          });
        }
      }
      expect(await estate.dump()).toEqual(unchanged);
      const unknown = ['[]', '[0]', '.x', '.'].map((spelling) => `${encodeURIComponent(`Unknown${spelling}`)}=1`);
      expect(await send(unknown.join('&'))).toMatchObject({ status: 200 });
    },
  );
});
