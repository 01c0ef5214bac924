/**
 * What bundles have in place of Node's storage for asynchronous contexts, which makes every promise of a process dearer, and a fresh
 * function's first answer by a twentieth. A function serves one call at a time: what is stored for it holds until it is done. Of what is
 * done side by side within a call, each must ask for what is stored before it first waits.
 */
export class AsyncLocalStorage<Store> {
  #store: Store | undefined;

  run<Result>(store: Store, work: () => Result): Result {
    const before = this.#store;
    this.#store = store;
    const restore = () => {
      this.#store = before;
    };
    const result = work();
    if (result instanceof Promise) result.then(restore, restore);
    else restore();
    return result;
  }

  getStore(): Store | undefined {
    return this.#store;
  }
}
