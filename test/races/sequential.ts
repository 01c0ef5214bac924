/** One call of a history: when it was under way, and whether a model in some state would have answered it as it was. */
export interface Recorded<State> {
  /** Ticks of one counter, at which the call was made and at which its answer was there. */
  readonly begun: number;
  readonly done: number;
  readonly shown: string;
  /** The model's next state; undefined if it would have answered otherwise. It must leave the state it is given as it is. */
  explain(state: State): State | undefined;
}

/**
 * An order of all calls, each after those that were answered before it was made, in which a model that does one at a time would have
 * answered as was recorded; undefined if there is none.
 */
export function sequentialOrder<State>(history: readonly Recorded<State>[], start: State): string[] | undefined {
  const refuted = new Set<string>();
  function search(state: State, left: readonly Recorded<State>[]): string[] | undefined {
    if (left.length === 0) return [];
    const memo = JSON.stringify([state, left.map((call) => history.indexOf(call))]);
    if (refuted.has(memo)) return undefined;
    const firstDone = Math.min(...left.map(({ done }) => done));
    for (const call of left) {
      const next = call.begun < firstDone ? call.explain(state) : undefined;
      const rest =
        next &&
        search(
          next,
          left.filter((other) => other !== call),
        );
      if (rest) return [call.shown, ...rest];
    }
    refuted.add(memo);
    return undefined;
  }
  return search(start, history);
}
