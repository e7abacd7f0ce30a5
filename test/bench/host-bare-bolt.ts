import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { App, HTTPReceiver } from '@slack/bolt';

// The thread of a Bolt application that only acknowledges; see `hosted`.
const { signingSecret, botToken } = workerData as { readonly signingSecret: string; readonly botToken: string };
const receiver = new HTTPReceiver({ signingSecret, endpoints: ['/slack/events'] });
const app = new App({
  receiver,
  convoStore: false,
  tokenVerificationEnabled: false,
  authorize: async () => ({ botToken, botId: 'BBOT', botUserId: 'UBOT' }),
});
app.command(/^/, async ({ ack }) => {
  await ack();
});
const server = createServer(receiver.requestListener);
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
parentPort?.once('message', () => {
  server.closeAllConnections();
  server.close(() => parentPort?.close());
});
