/** One thing that is measured; as a ratio within one run wherever there is a bar, because absolute times are a machine's own. */
export interface Bench {
  readonly measures: string;
  /** Prints its figures and answers whether the bar, if there is one, was met. */
  run(print: (line: string) => void): Promise<boolean>;
}

/** The middle of the numbers. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** How long the work takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** Does the work on each of the items, `width` at a time, and answers how many were done a second. */
export async function throughput<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  const tookMs = await timed(() => Promise.all(Array.from({ length: width }, worker)));
  return (items.length / tookMs) * 1000;
}
