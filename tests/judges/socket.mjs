// GraphQL over WebSocket: the client graphql-ws as it is, and a bare socket that breaks the protocol's rules.
//
//     node socket.mjs http://127.0.0.1:8080/graphql ws://127.0.0.1:8080/graphql
//
// It records facts. Nobody else may record any meanwhile.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import {
  assertAllSee, assertErrors, assertSaw, eventually, Follower, lastSequence, needArguments, record, story, SUBSCRIPTION,
  verdict,
} from './common.mjs';

const [httpUrl, socketUrl] = needArguments('URL_HTTP', 'URL_WS');

/** A client that gives up at once, unless told otherwise: a second attempt would hide what went wrong. */
function connect(options) {
  return createClient({ url: socketUrl, webSocketImpl: WebSocket, retryAttempts: 0, ...options });
}

await story('a query is answered by the socket', async () => {
  const results = [];
  for await (const result of connect().iterate({ query: '{ ledger { size } }' })) {
    results.push(result);
  }
  assert.equal(results.length, 1);
  assert.match(results[0].data.ledger.size, /^\d+$/);
});

for (const [mistake, query] of [['syntax', '{ ledger {'], ['validation', '{ ledger { nothing } }']]) {
  await story(`a ${mistake} error arrives as GraphQL errors with a code`, async () => {
    const errors = await new Promise((resolve, reject) => {
      const refuse = (what) => () => reject(new Error(`${what} instead of an error`));
      connect().subscribe({ query }, { next: refuse('a result'), error: resolve, complete: refuse('the end') });
    });
    assertErrors(errors);
  });
}

await story('200 sockets with a subscription each see 20 facts, in order and once', async () => {
  await assertAllSee(httpUrl, 200, (request, sink) => connect().subscribe(request, sink));
});

await story('16 subscriptions on one socket see 20 facts, in order and once', async () => {
  let connections = 0;
  const client = connect({ on: { connected: () => (connections += 1) } });
  await assertAllSee(httpUrl, 16, (request, sink) => client.subscribe(request, sink));
  assert.equal(connections, 1);
});

await story('a client that is cut off again and again sees 30 facts, in order and once', async () => {
  const before = await lastSequence(httpUrl);
  const follower = new Follower();
  let socket;
  let connections = 0;
  let sinceConnected = 0;
  const client = connect({
    retryAttempts: Infinity,
    retryWait: () => pause(20),
    on: {
      connected: (connected) => {
        socket = connected;
        connections += 1;
        sinceConnected = 0;
      },
      message: ({ type }) => {
        sinceConnected += type === 'next' ? 1 : 0;
        if (sinceConnected === 5) {
          socket.terminate();
        }
      },
    },
  });
  // The client writes its request anew whenever it connects, so that a getter moves on with what was seen.
  const variables = { get after() { return follower.seen.at(-1) ?? before; } };
  const end = client.subscribe({ query: SUBSCRIPTION, variables }, follower);
  const expected = await record(httpUrl, 30);
  await assertSaw([follower], expected);
  assert.ok(connections > 3, `it was connected only ${connections} times`);
  end();
});

const PROTOCOL = 'graphql-transport-ws';
const INIT = { type: 'connection_init' };
const request = { query: SUBSCRIPTION };

/** A socket without a client's manners. */
class BareSocket {
  received = [];
  opened = false;

  constructor(protocols) {
    this.socket = new WebSocket(socketUrl, protocols);
    this.socket.on('open', () => (this.opened = true));
    this.socket.on('message', (data) => this.received.push(JSON.parse(data)));
    this.socket.on('close', (code) => (this.code = code));
    // What is wrong shows in the close code too; without a listener an error would end the judge.
    this.socket.on('error', () => {});
  }

  static async open() {
    const bare = new BareSocket([PROTOCOL]);
    assert.ok(await eventually(() => bare.opened), 'the socket was not opened');
    return bare;
  }

  static async acknowledged() {
    const bare = await BareSocket.open();
    bare.send(INIT);
    assert.ok(await bare.got('connection_ack'), 'the connection was not acknowledged');
    return bare;
  }

  send(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Waits for a message of a type, and for an id if one is given. */
  got(type, id) {
    return eventually(() => this.received.find((message) => message.type === type && message.id === id));
  }

  /** Waits until the socket is closed; returns its code. */
  closed(patience) {
    return eventually(() => this.code, patience);
  }

  /** Expects that the server still listens. It reads in order, so that all that was sent before has been read then. */
  async assertAlive() {
    const mark = { mark: Math.random() };
    this.send({ type: 'ping', payload: mark });
    const echo = ({ type, payload }) => type === 'pong' && payload?.mark === mark.mark;
    await eventually(() => this.code || this.received.some(echo));
    const otherwise = this.code ? `it was closed with ${this.code}` : 'no pong with the payload of the ping';
    assert.ok(this.received.some(echo), otherwise);
  }
}

const tooLong = { type: 'ping', payload: { padding: 'x'.repeat(300 * 1024) } };
const BREACHES = [
  ['no connection_init for 3 seconds', 4408, BareSocket.open, []],
  ['a subscribe before connection_init', 4401, BareSocket.open, [{ type: 'subscribe', id: '1', payload: request }]],
  ['a second connection_init', 4429, BareSocket.acknowledged, [INIT]],
  [
    'an id that is in use', 4409, BareSocket.acknowledged,
    [{ type: 'subscribe', id: '1', payload: request }, { type: 'subscribe', id: '1', payload: request }],
  ],
  ['invalid JSON', 4400, BareSocket.acknowledged, ['{']],
  ['an unknown type', 4400, BareSocket.acknowledged, [{ type: 'unknown' }]],
  ['a subscribe without an id', 4400, BareSocket.acknowledged, [{ type: 'subscribe', payload: request }]],
  ['a message above 300 KiB', 1009, BareSocket.acknowledged, [tooLong]],
];

for (const [breach, code, begin, messages] of BREACHES) {
  await story(`${breach} closes the socket with ${code}`, async () => {
    const bare = await begin();
    messages.forEach((message) => bare.send(message));
    // 3 seconds for connection_init, and something for a busy machine.
    const closed = await bare.closed(6000);
    assert.equal(closed, code, closed ? `it was closed with ${closed}` : 'it stayed open');
  });
}

for (const [what, protocols] of [['another subprotocol', ['graphql-ws']], ['no subprotocol', []]]) {
  await story(`${what} is refused at the handshake or closes the socket with 4406`, async () => {
    const bare = new BareSocket(protocols);
    const code = await bare.closed(6000);
    assert.ok(code === 4406 || (code && !bare.opened), code ? `it was closed with ${code}` : 'it stayed open');
  });
}

await story('a ping is answered by a pong with its payload', async () => {
  const bare = await BareSocket.acknowledged();
  await bare.assertAlive();
  bare.socket.close();
});

await story('a complete of an unknown id is ignored', async () => {
  const bare = await BareSocket.acknowledged();
  bare.send({ type: 'complete', id: 'nobody' });
  await bare.assertAlive();
  bare.socket.close();
});

await story('nothing comes for an id that the client completed', async () => {
  const payload = { ...request, variables: { after: await lastSequence(httpUrl) } };
  const bare = await BareSocket.acknowledged();
  bare.send({ type: 'subscribe', id: 'ended', payload });
  await record(httpUrl, 1);
  assert.ok(await bare.got('next', 'ended'), 'the subscription never began');
  bare.send({ type: 'complete', id: 'ended' });
  await bare.assertAlive();
  // A second subscription is the witness that the fact has been sent.
  payload.variables.after = await lastSequence(httpUrl);
  bare.send({ type: 'subscribe', id: 'witness', payload });
  await record(httpUrl, 1);
  assert.ok(await bare.got('next', 'witness'), 'the witness saw nothing');
  await pause(500);
  assert.equal(bare.received.filter(({ id, type }) => id === 'ended' && type === 'next').length, 1);
  bare.socket.close();
});

verdict('socket');
