type Work = () => unknown;

const works: Work[] = [];

/**
 * Has something done when the test file at hand has run, the last first. Modules are loaded once for all files, so hooks of a module's
 * own would be those of the first file alone.
 */
export function atFileEnd(work: Work): void {
  works.push(work);
}

/** Does what there is to do at the end of a test file. */
export async function endFile(): Promise<void> {
  for (const work of works.splice(0).reverse()) await work();
}
