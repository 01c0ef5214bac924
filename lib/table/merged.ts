/** Merges ordered streams into one ordered stream. Fetches the head of all at once, then only what is consumed. */
export async function* merged<T>(
  streams: readonly AsyncGenerator<T, void>[],
  order: (one: T, other: T) => number,
): AsyncGenerator<T, void> {
  let heads = await Promise.all(streams.map(headOf));
  try {
    for (;;) {
      const waiting = heads.filter((head) => head !== undefined);
      const first = waiting.toSorted((one, other) => order(one.value, other.value))[0];
      if (first === undefined) return;
      yield first.value;
      const next = await headOf(first.stream);
      heads = heads.map((head) => (head === first ? next : head));
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.return()));
  }
}

async function headOf<T>(
  stream: AsyncGenerator<T, void>,
): Promise<{ stream: AsyncGenerator<T, void>; value: T } | undefined> {
  const { done, value } = await stream.next();
  return done ? undefined : { stream, value };
}
