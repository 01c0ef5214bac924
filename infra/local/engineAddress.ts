import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError } from '#infra/local/startError.ts';

/** Where the engine is to listen. */
export interface EngineAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * The engine answers every web page, for it allows all origins and looks at no Host. So it gets a port of IRC's, to which browsers send
 * nothing: those on the list of bad ports of the Fetch standard (https://fetch.spec.whatwg.org/#port-blocking).
 */
export const blockedPorts: readonly number[] = [6665, 6666, 6667, 6668, 6669, 6697];

/** The usual loopback address, and the only one where the others of 127.0.0.0/8 have to be set up first, as on macOS. */
const USUAL_HOST = '127.0.0.1';

/**
 * A free address that no browser sends anything to. On a loopback address drawn at random many engines may run side by side. Where there
 * is only the usual one and its blocked ports are all taken, it is any free port. The engine also refuses a port that is taken on the
 * usual address alone, which is not seen here: the next start tries another. Throws `StartError`.
 */
export async function findAddress(starts = 1, drawHost: () => string = randomHost): Promise<EngineAddress> {
  const ports = [...blockedPorts.slice(starts - 1), ...blockedPorts.slice(0, starts - 1)];
  for (const host of [drawHost(), USUAL_HOST]) {
    for (const port of ports) {
      if ((await portAt(host, port)) !== undefined) return { host, port };
    }
  }
  const port = await portAt(USUAL_HOST, 0);
  if (port === undefined) throw new StartError('This machine has no free TCP port.');
  return { host: USUAL_HOST, port };
}

function randomHost(): string {
  return `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

/** The port if it is free, for 0 any that is free; else undefined. The engine cannot tell which port it chose, so one is found for it. */
async function portAt(host: string, wanted: number): Promise<number | undefined> {
  const probe = createServer().listen(wanted, host);
  try {
    await once(probe, 'listening');
  } catch {
    return undefined;
  }
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' ? address?.port : undefined;
}
