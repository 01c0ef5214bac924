// Runs in whatever Node.js there is, before anything else.

const [leastMajor, leastMinor] = [20, 19];

/** One sentence where Node.js is too old for us. */
export function oldNode() {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return `Tributary needs Node.js ${leastMajor}.${leastMinor} or later, and this is ${node}: get one from https://nodejs.org, or by "nvm install ${leastMajor}".`;
}

/** Ends this process with that sentence. */
export function refuseOldNode() {
  const sentence = oldNode();
  if (sentence === undefined) return;
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
