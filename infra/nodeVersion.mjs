// Runs in whatever Node.js there is, before anything else.

const [leastMajor, leastMinor] = [20, 19];

/** Ends this process with one sentence where Node.js is too old for us. */
export function refuseOldNode() {
  const { node } = process.versions;
  const [major, minor] = node.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  process.stderr.write(
    `Tributary needs Node.js ${leastMajor}.${leastMinor} or later, and this is ${node}: get one from https://nodejs.org, or by "nvm install ${leastMajor}".\n`,
  );
  process.exit(1);
}
