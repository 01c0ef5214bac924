import { writeFileSync } from 'node:fs';
import { type Bench, isMet } from '#test/bench/bench.ts';
import { bench as calls } from '#test/bench/calls.ts';
import { bench as cold } from '#test/bench/cold.ts';
import { bench as confirm } from '#test/bench/confirm.ts';
import { bench as cycles } from '#test/bench/cycles.ts';
import { bench as enrolments } from '#test/bench/enrolments.ts';
import { bench as lists } from '#test/bench/lists.ts';
import { type Found, lineOf, pageOf, pictureOf } from '#test/bench/report.ts';
import { bench as rivals } from '#test/bench/rivals.ts';
import { bench as start } from '#test/bench/start.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const benches: Readonly<Record<string, Bench>> = { cold, confirm, cycles, rivals, calls, enrolments, lists, start };

// All of them write the page; some, named as arguments, only print what they find.
const wanted = process.argv.slice(2);
const found: Found[number][] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`${name}: ${bench.measures}\n`);
  const findings = await bench.run();
  for (const finding of findings) process.stdout.write(`  ${lineOf(finding)}\n`);
  if (!findings.every(isMet)) process.exitCode = 1;
  found.push({ measures: bench.measures, ...(bench.about && { about: bench.about }), findings });
}
if (wanted.length === 0) {
  writeFileSync(new URL('../../docs/benchmarks.md', import.meta.url), pageOf(found));
  writeFileSync(new URL('../../docs/benchmarks.svg', import.meta.url), pictureOf(found));
}
