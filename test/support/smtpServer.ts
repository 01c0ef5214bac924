import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { atFileEnd } from '#test/support/fileEnd.ts';

/** An SMTP server that takes everything but what is to be refused. */
export interface SmtpServer {
  readonly url: string;
  /** Envelope and source of every mail that was taken. */
  readonly taken: { readonly recipients: readonly string[]; readonly source: string }[];
  /** The answer to a recipient, where it is not `250 ok`. */
  answerTo: string;
}

/** Starts a server on a free port, which ends with the test file. */
export async function newSmtpServer(): Promise<SmtpServer> {
  const taken: SmtpServer['taken'] = [];
  const listener = createServer((socket) => converse(socket, server)).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const server: SmtpServer = { url: `smtp://127.0.0.1:${address.port}`, taken, answerTo: '250 ok' };
  atFileEnd(() => listener.close());
  return server;
}

function converse(socket: Socket, server: SmtpServer): void {
  const recipients: string[] = [];
  let said = '';
  let isSource = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  say('220 here');
  socket.on('error', () => undefined);
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    for (;;) {
      const end = isSource ? '\r\n.\r\n' : '\r\n';
      const at = said.indexOf(end);
      if (at < 0) return;
      const line = said.slice(0, at);
      said = said.slice(at + end.length);
      if (isSource) {
        isSource = false;
        server.taken.push({ recipients: recipients.splice(0), source: line });
        say('250 taken');
      } else if (/^data/i.test(line)) {
        isSource = true;
        say('354 go on');
      } else if (/^quit/i.test(line)) {
        socket.end('221 bye\r\n');
        return;
      } else if (/^rcpt/i.test(line)) {
        recipients.push(/<(.*)>/.exec(line)?.[1] ?? '');
        say(server.answerTo);
      } else say('250 ok');
    }
  });
}
