import { expect, it } from 'vitest';
import { FACTORY_BLUEPRINT, factoryStatuses, refuseUnready } from '#lib/domain/governance/factory.ts';
import { Refusal } from '#lib/errors.ts';

it('a factory that is not ready refuses for the reason that its status gives', () => {
  const blueprint = FACTORY_BLUEPRINT;
  const refusals = factoryStatuses.map((status) => {
    try {
      return refuseUnready(status);
    } catch (error) {
      return error;
    }
  });
  expect(refusals).toEqual([
    undefined,
    new Refusal('StructureMissing', { blueprint }),
    new Refusal('BlueprintUnknown', {}),
    new Refusal('FactoryUnfit', {}),
    new Refusal('BlueprintDeploying', { blueprint }),
  ]);
});
