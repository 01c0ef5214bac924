import { writeFileSync } from 'node:fs';
import { operations } from '#infra/operations.ts';
import { reference } from '#infra/reference.ts';
import { stateDiagram } from '#infra/stateDiagram.ts';
import { relationMachine } from '#lib/domain/relation/relation.ts';

writeFileSync(new URL('../lib/domain/relation/relation.mmd', import.meta.url), stateDiagram(relationMachine));
writeFileSync(new URL('../docs/reference.md', import.meta.url), reference(operations));
