/** `node bare-http.ts BYTES`: answers every request with one page of so many bytes out of memory, as fast as node:http can. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const page = Buffer.alloc(Number(process.argv[2]), 'x');
const headers = { 'content-type': 'text/html; charset=utf-8', 'content-length': String(page.length) };
const server = createServer((_, response) => {
  response.writeHead(200, headers);
  response.end(page);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`);
});
process.once('SIGTERM', () => process.exit());
