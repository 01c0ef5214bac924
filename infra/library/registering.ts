import type { NewAccount } from '#infra/library/tributary.ts';

interface Waiting<Made> {
  readonly wanted: NewAccount;
  resolve(made: Made): void;
  reject(error: unknown): void;
}

/** Asks for what several want at once in one request, which takes as long as one for a single account. */
export function together<Made>(register: (all: readonly NewAccount[]) => Promise<readonly Made[]>) {
  const waiting: Waiting<Made>[] = [];
  const ask = async () => {
    const asked = waiting.splice(0);
    try {
      const made = await register(asked.map(({ wanted }) => wanted));
      for (const [index, one] of made.entries()) asked[index]?.resolve(one);
    } catch (error) {
      // Of several, each is to have its own refusal, and none that of another.
      if (asked.length === 1) return asked[0]?.reject(error);
      for (const { wanted, resolve, reject } of asked) register([wanted]).then(([one]) => one && resolve(one), reject);
    }
  };
  return (wanted: NewAccount): Promise<Made> =>
    new Promise((resolve, reject) => {
      if (waiting.push({ wanted, resolve, reject }) === 1) queueMicrotask(ask);
    });
}
