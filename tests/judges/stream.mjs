// GraphQL over server-sent events, in distinct connections mode: the client graphql-sse as it is, and frames by hand.
//
//     node stream.mjs http://127.0.0.1:8080/graphql
//
// It records facts. Nobody else may record any meanwhile.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { createClient } from 'graphql-sse';

import {
  assertAllSee, assertErrors, assertSaw, Follower, lastSequence, needArguments, record, story, SUBSCRIPTION, verdict,
} from './common.mjs';

const [url] = needArguments('URL');
const QUERY = '{ ledger { size } }';

/** A client that gives up at once, unless told otherwise: a second attempt would hide what went wrong. */
function connect(options) {
  return createClient({ url, retryAttempts: 0, ...options });
}

async function results(query) {
  const all = [];
  for await (const result of connect().iterate({ query })) {
    all.push(result);
  }
  return all;
}

await story('a query is answered by a stream', async () => {
  const [result, ...more] = await results(QUERY);
  assert.match(result.data.ledger.size, /^\d+$/);
  assert.deepEqual(more, []);
});

for (const [mistake, query] of [['syntax', '{ ledger {'], ['validation', '{ ledger { nothing } }']]) {
  // Unlike elsewhere it is a result: the protocol wants it so, because a browser tells nothing of a refused stream.
  await story(`a ${mistake} error arrives as a result with a code`, async () => {
    const [result, ...more] = await results(query);
    assertErrors(result.errors);
    assert.deepEqual(more, []);
  });
}

await story('200 streams with a subscription each see 20 facts, in order and once', async () => {
  const client = connect();
  await assertAllSee(url, 200, (request, sink) => client.subscribe(request, sink));
});

await story('a client that is cut off again and again sees 30 facts, in order and once', async () => {
  const before = await lastSequence(url);
  const follower = new Follower();
  let cut;
  let connections = 0;
  let sinceConnected = 0;
  const client = connect({
    retryAttempts: Infinity,
    retry: () => pause(20),
    fetchFn: (input, options) => {
      cut = new AbortController();
      return fetch(input, { ...options, signal: AbortSignal.any([options.signal, cut.signal]) });
    },
    on: {
      connected: () => {
        connections += 1;
        sinceConnected = 0;
      },
      message: () => {
        sinceConnected += 1;
        if (sinceConnected === 5) {
          // Later, because graphql-sse gives up if it loses the stream while it hands out a result.
          setImmediate(() => cut.abort());
        }
      },
    },
  });
  // The client writes its request anew whenever it connects, so that a getter moves on with what was seen.
  const variables = { get after() { return follower.seen.at(-1) ?? before; } };
  const end = client.subscribe({ query: SUBSCRIPTION, variables }, follower);
  const expected = await record(url, 30);
  await assertSaw([follower], expected);
  assert.ok(connections > 3, `it was connected only ${connections} times`);
  end();
});

/** The lines of a stream, because graphql-sse shows neither ids nor comments. */
async function* lines(request, headers) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(request),
  });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/event-stream(; *charset=utf-8)?$/i);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const whole = (text + chunk).split(/\r?\n/);
    text = whole.pop();
    yield* whole;
  }
}

/** The frames of a stream, as objects from field to value; comments are left out. */
async function* frames(request, headers) {
  let frame = {};
  for await (const line of lines(request, headers)) {
    if (line !== '') {
      const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
      if (field !== '') {
        frame[field] = field in frame ? `${frame[field]}\n${value}` : value;
      }
    } else if (Object.keys(frame).length > 0) {
      yield frame;
      frame = {};
    }
  }
}

/** The first so many frames of a stream without end. */
async function firstFrames(count, request, headers) {
  const first = [];
  for await (const frame of frames(request, headers)) {
    if (first.push(frame) === count) {
      break;
    }
  }
  return first;
}

await story('a query gives next, then complete, then the end', async () => {
  const all = [];
  for await (const frame of frames({ query: QUERY })) {
    all.push(frame);
  }
  assert.deepEqual(all.map(({ event }) => event), ['next', 'complete']);
  assert.match(JSON.parse(all[0].data).data.ledger.size, /^\d+$/);
  // Without the field, though empty, a browser would drop the frame.
  assert.equal(all[1].data, '');
});

await story('a fact is a frame with event next, its sequence as id, and the result as data', async () => {
  const after = await lastSequence(url);
  const expected = await record(url, 3);
  const first = await firstFrames(3, { query: SUBSCRIPTION, variables: { after } });
  assert.deepEqual(first.map(({ event }) => event), ['next', 'next', 'next']);
  assert.deepEqual(first.map(({ id }) => id), expected);
  assert.deepEqual(first.map(({ data }) => JSON.parse(data).data.events.sequence), expected);
});

// A browser that reconnects sends its first request again, with what it saw last in the header.
for (const [besides, withVariables] of [['without a variable', false], ['against an older variable', true]]) {
  await story(`Last-Event-ID goes on after that fact, ${besides}`, async () => {
    const variables = withVariables ? { after: await lastSequence(url) } : {};
    const [seen, ...expected] = await record(url, 3);
    const first = await firstFrames(2, { query: SUBSCRIPTION, variables }, { 'last-event-id': seen });
    assert.deepEqual(first.map(({ data }) => JSON.parse(data).data?.events.sequence), expected);
  });
}

await story('a heart-beat comes within 20 seconds', async () => {
  const request = { query: SUBSCRIPTION, variables: { after: await lastSequence(url) } };
  const begun = Date.now();
  const elapsed = () => Date.now() - begun;
  const heard = async () => {
    for await (const line of lines(request)) {
      // A comment that only opens the stream keeps nothing alive.
      if (line.startsWith(':') && elapsed() > 1000) {
        return true;
      }
    }
    return false;
  };
  const silence = pause(20_000, false, { ref: false });
  assert.ok(await Promise.race([heard(), silence]), `no comment line in ${Math.round(elapsed() / 1000)} s`);
});

verdict('stream');
