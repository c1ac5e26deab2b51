/**
 * A process of its own that opens many connections to a port of this machine and keeps them, whatever becomes of them:
 * `node crowd.ts <port> <count> <what each sends>`. It prints `open` once all were tried, and lives until its input ends. Connections that
 * the other side drops are opened again, as whoever means harm would.
 */
import { connect } from 'node:net';

const [port = '0', count = '0', text = ''] = process.argv.slice(2);
let tried = 0;

function open(): void {
  const socket = connect(Number(port), '127.0.0.1');
  let counted = false;
  const count = (): void => {
    if (!counted) tried++;
    counted = true;
    if (tried === total) process.stdout.write('open\n');
  };
  socket.on('connect', () => {
    count();
    if (text !== '') socket.write(text.replaceAll('\\r\\n', '\r\n'));
  });
  socket.on('error', count);
  // What it is sent is left where it is: nobody reads it.
  socket.pause();
  socket.on('close', () => setTimeout(open, 200));
}

const total = Number(count);
for (let at = 0; at < total; at++) setTimeout(open, Math.floor(at / 100) * 10);
process.stdin.resume().on('end', () => process.exit());
