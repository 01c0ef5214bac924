import { lackingIn, projectAsItIs } from '#test/complete.ts';
import { misjudgedProbes } from '#test/fences.ts';

const faults = [...lackingIn(await projectAsItIs()), ...misjudgedProbes()];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
