/** One figure, and its bar if it has one. */
export interface Finding {
  readonly what: string;
  readonly value: number;
  /** Empty for a ratio. */
  readonly unit?: string;
  readonly bar?: { readonly atMost: number } | { readonly atLeast: number };
  /** The figures behind it, which are a machine's own. */
  readonly made?: string;
}

/** One thing that is measured; as a ratio within one run wherever there is a bar, because absolute times are a machine's own. */
export interface Bench {
  readonly measures: string;
  run(): Promise<readonly Finding[]>;
}

/** Whether a finding keeps its bar, if it has one. */
export function isMet({ bar, value }: Finding): boolean {
  if (bar === undefined) return true;
  return 'atMost' in bar ? value <= bar.atMost : value >= bar.atLeast;
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
