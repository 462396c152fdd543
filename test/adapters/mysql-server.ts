import type { AddressInfo, Server } from 'node:net';
import mysql from 'mysql2';
import { onTestFinished } from 'vitest';

/** What to do with a statement: answer with one row, refuse with the server's number, or cut the connection. */
export type Reply = { readonly n: number } | { readonly errno: number; readonly text: string } | 'cut';

export interface ScriptedServer {
  readonly port: number;
  /** Statements that arrived, over all connections. */
  readonly statements: string[];
  readonly connections: number;
}

/** Every capability but TLS and compression. */
const CAPABILITIES = 0xffffff & ~0x800 & ~0x20;

interface ServerConnection {
  serverHandshake(options: object): void;
  on(event: 'query', listener: (sql: string) => void): void;
  on(event: 'error', listener: () => void): void;
  writeError(error: { code: number; message: string }): void;
  writeTextResult(rows: readonly object[], columns: readonly object[]): void;
  stream: { destroy(): void };
  /** Number of the next packet; a statement begins a new count, and the server side does not see to it. */
  sequenceId: number;
}

/** Speaks the real protocol on a loopback port and replies as the script says; its last entry repeats. */
export async function startScriptedServer(script: readonly Reply[]): Promise<ScriptedServer> {
  const statements: string[] = [];
  let connections = 0;
  const server = mysql.createServer((incoming: unknown) => {
    const connection = incoming as ServerConnection;
    connections += 1;
    connection.on('error', () => undefined);
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.0',
      connectionId: connections,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: CAPABILITIES,
      authCallback(_: unknown, accept: () => void) {
        accept();
        connection.sequenceId = 0;
      },
    });
    connection.on('query', (sql) => {
      const reply = script[Math.min(statements.length, script.length - 1)];
      statements.push(sql);
      connection.sequenceId = 1;
      if (reply === undefined || reply === 'cut') connection.stream.destroy();
      else if ('n' in reply) connection.writeTextResult([reply], [numberColumn]);
      else connection.writeError({ code: reply.errno, message: reply.text });
      connection.sequenceId = 0;
    });
  });
  const port = await listen(server);
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return {
    port,
    statements,
    get connections() {
      return connections;
    },
  };
}

const numberColumn = {
  catalog: 'def',
  schema: '',
  table: '',
  orgTable: '',
  name: 'n',
  orgName: 'n',
  characterSet: 63,
  columnLength: 20,
  columnType: 8,
  flags: 0,
  decimals: 0,
};

function listen(server: ReturnType<typeof mysql.createServer>): Promise<number> {
  // The types know neither the address to listen on nor the socket that has one.
  const { _server: socket } = server as unknown as { _server: Server };
  return new Promise((resolve) => {
    socket.listen(0, '127.0.0.1', () => resolve((socket.address() as AddressInfo).port));
  });
}
