import type { Bench } from '#test/bench/bench.ts';
import { bench as cold } from '#test/bench/cold.ts';
import { bench as confirm } from '#test/bench/confirm.ts';
import { bench as cycles } from '#test/bench/cycles.ts';
import { bench as enrolments } from '#test/bench/enrolments.ts';
import { bench as lists } from '#test/bench/lists.ts';
import { bench as start } from '#test/bench/start.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const benches: Readonly<Record<string, Bench>> = { cold, confirm, cycles, enrolments, lists, start };

const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`${name}: ${bench.measures}\n`);
  const isMet = await bench.run((line) => void process.stdout.write(`  ${line}\n`));
  if (!isMet) process.exitCode = 1;
}
