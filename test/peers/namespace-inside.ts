// Runs inside a network namespace, and leads ports of it to sockets in a folder, which both sides see; and the other way.
// Lines of stdin: `in PORT` or `out PORT`; each is answered with a line. Ends with stdin.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { forward } from './join-sockets.ts';

const [, , folder = ''] = process.argv;

for await (const line of createInterface(process.stdin)) {
  const [way, port] = line.split(' ');
  const inside = { port: Number(port), host: '127.0.0.1' };
  const socket = { path: join(folder, `${port}.${way}`) };
  await (way === 'in' ? forward(socket, inside) : forward(inside, socket));
  process.stdout.write(`${line}\n`);
}
process.exit();
