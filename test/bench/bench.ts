/** One figure, and its bar if it has one. */
export interface Finding {
  readonly what: string;
  /** What the figure is of, among others of the same name: a column of their table. */
  readonly of?: string;
  /** Words where nothing could be measured. */
  readonly value: number | string;
  /** Empty for a ratio. */
  readonly unit?: string;
  readonly bar?: { readonly atMost: number } | { readonly atLeast: number };
  /** The figures behind it, which are a machine's own. */
  readonly made?: string;
}

/** One thing that is measured; as a ratio within one run wherever there is a bar, because absolute times are a machine's own. */
export interface Bench {
  readonly measures: string;
  /** What a reader has to know to judge the figures, in lines of Markdown. */
  readonly about?: readonly string[];
  run(): Promise<readonly Finding[]>;
}

/** Whether a finding keeps its bar, if it has one. */
export function isMet({ bar, value }: Finding): boolean {
  if (bar === undefined || typeof value === 'string') return true;
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

/** How many call at a time, of every server that is compared. */
export const CALLERS = 8;

/**
 * So many cycles of calls, {@link CALLERS} at a time, each with a pair of parties that nobody else works with meanwhile. Answers how many
 * were done a second.
 */
export function cyclesOf<Pair>(
  pairs: readonly Pair[],
  count: number,
  cycle: (pair: Pair) => Promise<void>,
): Promise<number> {
  const free = [...pairs];
  return throughput(Array(count).fill(0), CALLERS, async () => {
    const pair = free.pop();
    if (pair === undefined) throw new Error('there are more callers than pairs');
    await cycle(pair);
    free.unshift(pair);
  });
}
