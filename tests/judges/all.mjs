// All judges, one after the other, of a server that runs already.
//
//     GRIFFIE_URL=http://127.0.0.1:8080 npm run judge --prefix tests/judges

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const http = new URL('/graphql', process.env.GRIFFIE_URL || 'http://127.0.0.1:8080').href;
const socket = http.replace(/^http/, 'ws');

// All are heard, even when the first has found something.
const verdicts = [['audit.mjs', http], ['socket.mjs', http, socket], ['stream.mjs', http]].map(([judge, ...urls]) => {
  console.log(`\n--- ${judge} ${urls.join(' ')}`);
  const program = fileURLToPath(new URL(judge, import.meta.url));
  return spawnSync(process.execPath, [program, ...urls], { stdio: 'inherit' }).status;
});
process.exit(verdicts.every((status) => status === 0) ? 0 : 1);
