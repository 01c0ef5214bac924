import { BUNDLE_LIMIT_BYTES, bundle } from '#infra/bundle.ts';
import { type FirstLoad, firstLoads, tooLarge } from '#infra/bundleSizes.ts';

// npm run size: what each function loads to answer its first call, with its files if there are several.
const SOURCES = 6;
const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
const row = (name: string, bytes: number, parts: readonly string[]) =>
  `${name.padEnd(36)} ${kB(bytes).padStart(9)}  ${parts.join(', ')}\n`;

function rowsOf({ name, files, bytes, sources }: FirstLoad): string[] {
  const parts = sources.slice(0, SOURCES).map(([source, size]) => `${source} ${kB(size)}`);
  const single = files.length === 1 ? [] : files.map((one) => row(`  ${one.file}`, one.bytes, []));
  return [row(name, bytes, parts), ...single];
}

const loads = firstLoads(await bundle());
for (const line of loads.flatMap(rowsOf)) process.stdout.write(line);
for (const { name, bytes } of tooLarge(loads)) {
  process.stderr.write(`${name} loads ${kB(bytes)} for its first call, over the limit of ${kB(BUNDLE_LIMIT_BYTES)}.\n`);
  process.exitCode = 1;
}
