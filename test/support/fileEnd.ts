type Work = () => unknown;

const works: Work[] = [];

/**
 * Registers work for the end of the current test file; the last is done first. Modules are loaded once for all files,
 * so `afterAll` in a module would run for the first file only.
 */
export function atFileEnd(work: Work): void {
  works.push(work);
}

/** Does the work registered for the end of a test file. */
export async function endFile(): Promise<void> {
  for (const work of works.splice(0).reverse()) await work();
}
