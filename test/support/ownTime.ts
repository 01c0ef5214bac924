const TICK_MS = 20;

/**
 * Begins to measure time as this process has it, in ms: while a busy machine does not let it run, none passes. Measure with it what ends
 * by timers of this process, which are late in the same way. Answers how to end.
 */
export function measureOwnTime(): () => number {
  let ticks = 0;
  const timer = setInterval(() => ticks++, TICK_MS);
  return () => {
    clearInterval(timer);
    return ticks * TICK_MS;
  };
}
