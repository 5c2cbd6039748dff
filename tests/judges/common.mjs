// What the judges share: asking, recording facts, following the ledger, and telling stories.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export const SUBSCRIPTION = 'subscription ($after: Sequence) { events(after: $after) { sequence event } }';

const RECORD = `mutation R($input: RecordConsentTextInput!) {
  recordConsentText(input: $input) { receipt { sequence } userErrors { code field message } }
}`;

// How long to wait before something counts as lost. Generous, because slowness is not what is judged.
const PATIENCE = 30_000;
// A fact too many would come right behind the last one.
const SILENCE = 500;

/** Asks by POST and expects data without errors. */
export async function ask(url, query, variables) {
  const body = JSON.stringify({ query, variables });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, `${query}: ${JSON.stringify(errors)}`);
  return data;
}

/** The sequence of the newest entry. */
export async function lastSequence(url) {
  const { ledger } = await ask(url, '{ ledger { size } }');
  return String(BigInt(ledger.size) - 1n);
}

/** Records facts one after the other; returns their sequences. */
export async function record(url, count) {
  const sequences = [];
  for (let recorded = 0; recorded < count; recorded += 1) {
    // An event that needs no other fact before it, on a new stream.
    const event = { withdrawalChannelDeclared: { channels: ['WEB'] } };
    const input = { idempotencyKey: randomUUID(), fact: { effective: '2024-01-01', event } };
    const { recordConsentText: payload } = await ask(url, RECORD, { input });
    assert.deepEqual(payload.userErrors, []);
    sequences.push(payload.receipt.sequence);
  }
  return sequences;
}

/** Waits until a condition holds; returns its value, which is falsy if that never came to be. */
export async function eventually(condition, patience = PATIENCE) {
  const end = Date.now() + patience;
  while (!condition() && Date.now() < end) {
    await pause(10);
  }
  return condition();
}

/** Errors as GraphQL has them, with the code that this server promises. */
export function assertErrors(errors) {
  assert.ok(Array.isArray(errors) && errors.length > 0, `no GraphQL errors: ${errors}`);
  for (const { message, extensions } of errors) {
    assert.ok(message && typeof extensions?.code === 'string', `no message or code: ${JSON.stringify(errors)}`);
  }
}

/** The sink of a subscription that nobody ends: all that it is given, and what went wrong. */
export class Follower {
  seen = [];
  problem;

  next({ data, errors }) {
    if (errors) {
      this.error(errors);
    } else {
      this.seen.push(data.events.sequence);
    }
  }

  error(error) {
    // A close event and an array of errors say nothing as texts.
    this.problem ??= error instanceof Error ? error.message : JSON.stringify(error.code ?? error);
  }

  complete() {
    this.problem ??= 'the subscription was completed';
  }
}

/** Expects that each follower gets exactly these sequences, in order. */
export async function assertSaw(followers, expected) {
  await eventually(() => followers.every(({ problem, seen }) => problem || seen.length >= expected.length));
  await pause(SILENCE);
  const wrong = followers.filter(({ problem, seen }) => problem || seen.join() !== expected.join());
  if (wrong.length > 0) {
    const [{ problem, seen }] = wrong;
    const first = `${problem ? `${problem}; ` : ''}it saw ${seen.join()} instead of ${expected.join()}`;
    assert.fail(`${wrong.length} of ${followers.length} followers are wrong. The first: ${first}`);
  }
}

/** Expects that so many followers at once see 20 facts. `subscribe` takes request and sink, and returns an end. */
export async function assertAllSee(url, count, subscribe) {
  const after = await lastSequence(url);
  const followers = Array.from({ length: count }, () => new Follower());
  const ends = followers.map((follower) => subscribe({ query: SUBSCRIPTION, variables: { after } }, follower));
  try {
    // Whoever has the first fact follows: the others are pushed to it, not read from the past.
    const expected = await record(url, 1);
    await eventually(() => followers.every(({ problem, seen }) => problem || seen.length > 0));
    expected.push(...(await record(url, 19)));
    await assertSaw(followers, expected);
  } finally {
    ends.forEach((end) => end());
  }
}

let told = 0;
let failed = 0;

/** Tells one story; it fails if it throws or never ends. */
export async function story(title, tell) {
  told += 1;
  try {
    const lost = pause(5 * PATIENCE, undefined, { ref: false }).then(() => assert.fail('no answer'));
    await Promise.race([tell(), lost]);
    console.log(`ok      ${title}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${title}\n        ${error.message.replaceAll('\n', '\n        ')}`);
  }
}

/** Says how many stories held, and ends the program, whatever is still open. */
export function verdict(judge) {
  console.log(`${judge}: ${told - failed} of ${told} ok, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

/** The program's arguments, all of which are needed. */
export function needArguments(...names) {
  const given = process.argv.slice(2);
  if (given.length !== names.length) {
    console.error(`usage: node ${process.argv[1]} ${names.join(' ')}`);
    process.exit(2);
  }
  return given;
}
