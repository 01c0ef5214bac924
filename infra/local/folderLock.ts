import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Lets go of what is held. */
export type Release = () => Promise<void>;

/**
 * The local socket that stands for a folder, by whatever path it is reached. Linux names it outside the file system, so nothing
 * is left of it when its process is killed.
 */
export function lockAddress(folder: string): string {
  const { dev, ino } = statSync(folder);
  const name = `tributary-${dev}-${ino}`;
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
}

/** Holds the address until released or until this process ends, however that ends; undefined while another process holds it. */
export async function hold(address: string): Promise<Release | undefined> {
  const release = await tryHold(address);
  if (release !== undefined || (await isAnswered(address))) return release;
  if (!address.startsWith('\0')) rmSync(address, { force: true });
  return tryHold(address);
}

async function tryHold(address: string): Promise<Release | undefined> {
  const server = createServer((connection) => connection.destroy()).listen(address);
  server.unref();
  try {
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  return async () => {
    server.close();
    await once(server, 'close');
  };
}

async function isAnswered(address: string): Promise<boolean> {
  const connection = createConnection(address);
  try {
    await once(connection, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}
