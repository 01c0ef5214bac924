import { bundle, bundleFolder } from '#infra/bundle.ts';

const { outputs } = await bundle();
const bundles = Object.keys(outputs).filter((file) => file.endsWith('.mjs'));
process.stdout.write(`${bundles.length} functions bundled into ${bundleFolder}\n`);
