import type { CreateEmulator } from '#infra/library/tributary.ts';
import { oldNode } from '#infra/nodeVersion.mjs';

/** Loads the rest late, so that a Node.js that is too old for it can be told so. */
export const createEmulator: CreateEmulator = async (options = {}) => {
  const sentence = oldNode();
  if (sentence !== undefined) throw new Error(sentence);
  const { startTestEmulator } = await import('#infra/library/testEmulator.ts');
  return startTestEmulator(options, new URL('./served.mjs', import.meta.url));
};
