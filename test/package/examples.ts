import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pack, projectWith } from '#test/package/packed.ts';

// npm run examples: each example in an empty folder, with the packed file and its test runner installed from npm.

const packed = await pack(tmpdir());
for (const example of ['node-test', 'vitest', 'jest']) {
  const startMs = performance.now();
  const { folder, run } = await projectWith(packed, example);
  const { stdout, stderr } = await run('npm', ['test']);
  process.stdout.write(`== ${example}\n${stdout}${stderr}${((performance.now() - startMs) / 1000).toFixed(1)} s\n`);
  rmSync(folder, { recursive: true });
}
rmSync(packed.file);
