import { writeFileSync } from 'node:fs';
import { stateDiagram } from '#infra/stateDiagram.ts';
import { relationMachine } from '#lib/domain/relation.ts';

writeFileSync(new URL('../lib/domain/relation.mmd', import.meta.url), stateDiagram(relationMachine));
