// Asks a server to end (SIGTERM) while a socket and a stream follow its ledger, which needs at least two entries.
//
//     node goodbye.mjs http://127.0.0.1:8080/graphql ws://127.0.0.1:8080/graphql PROCESS_ID

import assert from 'node:assert/strict';

import { createClient as createStreamClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';

import { eventually, Follower, needArguments, story, SUBSCRIPTION, verdict } from './common.mjs';

const [httpUrl, socketUrl, server] = needArguments('URL_HTTP', 'URL_WS', 'PROCESS_ID');

const request = { query: SUBSCRIPTION, variables: { after: '0' } };
const bySocket = new Follower();
const byStream = new Follower();
let closeCode;
createSocketClient({
  url: socketUrl,
  webSocketImpl: WebSocket,
  retryAttempts: 0,
  on: { closed: ({ code }) => (closeCode = code) },
}).subscribe(request, bySocket);
createStreamClient({ url: httpUrl, retryAttempts: 0 }).subscribe(request, byStream);
await eventually(() => [bySocket, byStream].every(({ problem, seen }) => problem || seen.length > 0));
process.kill(Number(server), 'SIGTERM');

await story('a server that is told to end closes its sockets with 1001', async () => {
  assert.ok(bySocket.seen.length > 0, `the socket never followed: ${bySocket.problem}`);
  await eventually(() => closeCode, 15_000);
  assert.equal(closeCode, 1001, closeCode ? `it was closed with ${closeCode}` : 'it stayed open');
});

await story('a server that is told to end ends its streams', async () => {
  assert.ok(byStream.seen.length > 0, `the stream never followed: ${byStream.problem}`);
  assert.ok(await eventually(() => byStream.problem, 15_000), 'it stayed open');
});

verdict('goodbye');
