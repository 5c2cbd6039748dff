// The GraphQL-over-HTTP specification, as the audits of graphql-http have it.
//
//     node audit.mjs http://127.0.0.1:8080/graphql

import { serverAudits } from 'graphql-http';

import { needArguments } from './common.mjs';

const [url] = needArguments('URL');

const counts = { MUST: { ok: 0, failed: 0 }, SHOULD: { ok: 0, failed: 0 }, MAY: { ok: 0, failed: 0 } };
for (const audit of serverAudits({ url })) {
  // The name begins with how much is demanded. An audit throws when there is no answer to judge.
  const [demand] = audit.name.split(' ');
  const result = await audit.fn().catch((error) => ({ status: 'lost', reason: error.cause ?? error }));
  if (result.status === 'ok') {
    counts[demand].ok += 1;
  } else {
    counts[demand].failed += 1;
    console.log(`${demand === 'MAY' ? 'note   ' : 'FAILED '} ${audit.id} ${audit.name}: ${result.reason}`);
  }
}

const summary = Object.entries(counts).map(([demand, { ok, failed }]) => `${demand} ${ok} ok, ${failed} not`);
console.log(`audit: ${summary.join('; ')}`);
process.exit(counts.MUST.failed + counts.SHOULD.failed > 0 ? 1 : 0);
