/** One sentence where Node.js is too old for us. */
export function oldNode(): string | undefined;
/** Ends this process with that sentence. */
export function refuseOldNode(): void;
