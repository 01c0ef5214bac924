import { expect, test } from 'vitest';
import { deployedFunctions, functionId } from '#infra/deployed.ts';
import { pathOf } from '#infra/handlers.ts';
import { samTemplate } from '#infra/samTemplate.ts';

test('sam local finds every function, at the path it is deployed at, with the runtime it is deployed on', async () => {
  const all = await deployedFunctions();
  const { Resources, Transform, Globals } = JSON.parse(JSON.stringify(samTemplate(all)));
  expect(Transform).toBe('AWS::Serverless-2016-10-31');
  expect(Globals.Function).toMatchObject({ Runtime: 'nodejs22.x', Architectures: ['arm64'] });
  expect(Object.keys(Resources).sort()).toEqual(['HttpApi', ...all.map(functionId)].sort());
  for (const deployed of all) {
    const { Properties, Type } = Resources[functionId(deployed)];
    expect(Type).toBe('AWS::Serverless::Function');
    expect(Properties).toMatchObject({ CodeUri: '../', Handler: `${deployed.name}.handler` });
    const { Route } = Properties.Events;
    expect(Route?.Properties.Path).toBe(
      ['operation', 'page'].includes(deployed.trigger.kind) ? pathOf(deployed) : undefined,
    );
    if (deployed.trigger.kind === 'door') expect(Route.Type).toBe('HttpApi');
  }
});
