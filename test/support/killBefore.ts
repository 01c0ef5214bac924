import fs from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

// Preloaded into a process: it kills itself before the nth change that it makes of a file or a table, KILL_BEFORE being n. Changes are
// counted from the start; where KILL_AFTER names a path, from the first request for it.

const { KILL_BEFORE, KILL_AFTER } = process.env;
let isCounting = KILL_AFTER === undefined;
let changes = 0;

function beforeChange(): void {
  if (!isCounting || ++changes !== Number(KILL_BEFORE)) return;
  process.kill(process.pid, 'SIGKILL');
  for (;;) {
    // Whatever follows must not be done while the signal is on its way.
  }
}

const fileChanges = ['appendFileSync', 'copyFileSync', 'mkdirSync', 'renameSync', 'rmSync', 'writeFileSync'] as const;
for (const name of fileChanges) intercept(fs, name, () => beforeChange());
syncBuiltinESMExports();

const tableChanges = /\.(CreateTable|DeleteTable|TransactWriteItems)$/;
intercept(http.ClientRequest.prototype, 'end', (request) => {
  if (tableChanges.test(String(request.getHeader('x-amz-target')))) beforeChange();
});
intercept(http.Server.prototype, 'emit', (_, event, request) => {
  if (event === 'request' && asRequest(request).url === KILL_AFTER) isCounting = true;
});

/** Has something done before a method of an object, with what it is called on and with. */
function intercept<Name extends string, Owner extends object>(
  owner: Owner & Readonly<Record<Name, unknown>>,
  name: Name,
  before: (self: Owner, ...args: readonly unknown[]) => void,
): void {
  const original = owner[name];
  if (typeof original !== 'function') throw new TypeError(`${name} is no method`);
  Object.defineProperty(owner, name, {
    configurable: true,
    writable: true,
    enumerable: true,
    value(this: Owner, ...args: readonly unknown[]) {
      before(this, ...args);
      return Reflect.apply(original, this, args);
    },
  });
}

/** The first argument of an HTTP server's event `request`. */
function asRequest(argument: unknown): IncomingMessage {
  return argument as IncomingMessage;
}
