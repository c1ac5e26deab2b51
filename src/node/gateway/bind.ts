import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OvnError } from '../../errors.ts';
import { hostOf } from './hosts.ts';

/** Where to listen. Port 0 takes a free one. */
export interface ListenAddress {
  host: string;
  port: number;
}

/**
 * Lets a server listen. `option` is what the address was given with.
 * @throws OvnError `busy` when the port is taken, `usage` for an address that is not of this machine, `io`
 */
export async function bind(
  server: Server,
  { host, port }: ListenAddress,
  option: string,
): Promise<AddressInfo> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    return server.address() as AddressInfo;
  } catch (error) {
    throw explainListening(error, `${hostOf(host)}:${port}`, option);
  }
}

function explainListening(error: unknown, where: string, option: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new OvnError('busy', `${where} is taken by another program`, {
      hint: `Choose another port with ${option} ADDRESS:PORT; port 0 takes a free one.`,
    });
  }
  if (code === 'EACCES') return new OvnError('io', `not allowed to listen on ${where}`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new OvnError('usage', `${where} is not an address of this machine`);
  }
  return error;
}
