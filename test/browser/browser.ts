import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A narrow phone, in CSS pixels. */
export const screen = { width: 320, height: 568 } as const;

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** The path of the browser: what CHROMIUM names, or the first of Debian's names that there is. Throws one sentence if there is none. */
function browserPath({ CHROMIUM, PATH = '' }: NodeJS.ProcessEnv): string {
  const candidates = CHROMIUM
    ? [CHROMIUM]
    : PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = candidates.find(canRun);
  if (found === undefined) {
    throw new Error("There is no browser to test with: install Debian's chromium, or set CHROMIUM to the path of one.");
  }
  return found;
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A page in a browser of its own. */
export interface BrowserPage {
  /** Opens an address, and waits until it is loaded. */
  open(url: string): Promise<void>;
  /** What an expression amounts to in the page. */
  value(expression: string): Promise<unknown>;
  /** Presses the middle of what a selector names, and waits until the page that follows is loaded. */
  press(selector: string): Promise<void>;
  /** The page as it is seen, as PNG. */
  picture(): Promise<Buffer>;
  /** The addresses that were asked for since the last opening. */
  readonly requests: string[];
  /** What the browser complained of since then. */
  readonly complaints: string[];
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the protocol has hundreds of shapes, of which these tests read a few.
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: likewise.
  readonly result?: any;
  readonly error?: { readonly message: string };
}

/** Starts a headless Chromium with one page of the size of a narrow screen. It is driven by its own protocol, over pipes. */
export async function newBrowserPage(env: NodeJS.ProcessEnv = process.env): Promise<BrowserPage> {
  const profile = mkdtempSync(join(tmpdir(), 'test-browser-'));
  const words = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--remote-debugging-pipe',
  ];
  const child = spawn(browserPath(env), [...words, '--no-first-run', `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const { heard, send } = conversation(asWritable(child.stdio[3]), asReadable(child.stdio[4]));
  const { targetInfos } = await send('Target.getTargets');
  const [target] = targetInfos.filter(({ type }: { type: string }) => type === 'page');
  const { sessionId } = await send('Target.attachToTarget', { targetId: target.targetId, flatten: true });
  const tell = (method: string, params: object = {}) => send(method, params, sessionId);
  const requests: string[] = [];
  const complaints: string[] = [];
  heard('Network.requestWillBeSent', ({ request }) => requests.push(request.url));
  // That a page has a status of its own is no complaint.
  heard('Log.entryAdded', ({ entry }) => entry.source !== 'network' && complaints.push(entry.text));
  heard('Runtime.exceptionThrown', ({ exceptionDetails }) => complaints.push(exceptionDetails.text));
  for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await tell(`${domain}.enable`);
  await tell('Emulation.setDeviceMetricsOverride', { ...screen, deviceScaleFactor: 2, mobile: true });
  const loadedAfter = async (act: () => Promise<unknown>) => {
    const loaded = new Promise<void>((resolve) => {
      const stop = heard('Page.loadEventFired', () => {
        stop();
        resolve();
      });
    });
    await act();
    await loaded;
  };
  const value = async (expression: string) =>
    (await tell('Runtime.evaluate', { expression, returnByValue: true })).result.value;
  return {
    requests,
    complaints,
    value,
    async open(url) {
      requests.length = 0;
      complaints.length = 0;
      await loadedAfter(() => tell('Page.navigate', { url }));
    },
    async press(selector) {
      const box = `(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }))(document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect())`;
      await value(
        `document.querySelector(${JSON.stringify(selector)}).scrollIntoView({ block: 'center', behavior: 'instant' })`,
      );
      const point = await value(box);
      await loadedAfter(async () => {
        for (const type of ['mousePressed', 'mouseReleased']) {
          await tell('Input.dispatchMouseEvent', { ...point, type, button: 'left', clickCount: 1 });
        }
      });
    },
    picture: async () => Buffer.from((await tell('Page.captureScreenshot')).data, 'base64'),
    async close() {
      const exited = once(child, 'exit');
      await send('Browser.close').catch(() => undefined);
      await exited;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

type Listener = (params: Message['params']) => void;

/** Messages in JSON, each ended by a NUL, of which the answers bear the number of what was asked. */
function conversation(to: Writable, from: Readable) {
  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Map<string, Set<Listener>>();
  let said = '';
  let last = 0;
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (said + chunk).split('\0');
    said = parts.pop() ?? '';
    for (const part of parts) {
      const message: Message = JSON.parse(part);
      if (message.id !== undefined) waiting.get(message.id)?.(message);
      for (const listener of [...(listeners.get(message.method ?? '') ?? [])]) listener(message.params);
    }
  });
  return {
    send(method: string, params: object = {}, sessionId?: string): Promise<Message['result']> {
      const id = ++last;
      return new Promise((resolve, reject) => {
        waiting.set(id, ({ error, result }) => {
          waiting.delete(id);
          if (error) reject(new Error(`${method}: ${error.message}`));
          else resolve(result);
        });
        to.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
      });
    },
    /** Has a listener hear of an event, until what this answers is called. */
    heard(method: string, listener: Listener): () => void {
      const all = listeners.get(method) ?? new Set();
      listeners.set(method, all.add(listener));
      return () => all.delete(listener);
    },
  };
}

// Both were opened as pipes, the one to be written and the other to be read.
function asWritable(stream: unknown): Writable {
  return stream as Writable;
}

function asReadable(stream: unknown): Readable {
  return stream as Readable;
}
