import { type ErrorCode, MemoryError } from '../../domain/errors.ts';

/** Where a connection goes and how its settings are called, for messages. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Prefix of the settings, such as `mysql` for `mysql_host`. */
  readonly settings: string;
}

/** What mysql2 throws: `code` is the server's symbol, the socket's or its own; `errno` the server's number. */
interface DriverError {
  readonly code?: string;
  readonly errno?: number;
  readonly message: string;
}

/** The connection is gone or was cut; whether the statement was executed is unknown. */
const LOST = new Set<string | number>([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  /** No answer within the statement's time. */
  'PROTOCOL_SEQUENCE_TIMEOUT',
  /** Server shutdown in progress; read-only after a failover. */
  1053,
  1290,
  1836,
  /** Connection was killed (MariaDB). */
  1927,
  /** Idle for too long (MySQL). */
  4031,
]);

/** Refused for now, and worth one more try after a moment. */
const BUSY = new Set<string | number>([
  /** Too many connections. */
  1040,
  /** Lock wait timeout, deadlock. */
  1205, 1213,
  /** Statement timeout. */
  3024,
  /** Lindorm: a limit was exceeded. */
  8008,
]);

const UNREACHABLE = new Set<string | number>(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);
const REFUSED_LOGIN = new Set<string | number>([1045, 1698, 9003, 'AUTH_SWITCH_PLUGIN_ERROR']);
const NO_DATABASE = new Set<string | number>([1044, 1049]);
const NO_SCHEMA = new Set<string | number>([1054, 1146, 8005]);
const NO_PRIVILEGE = new Set<string | number>([1142, 1143, 1227]);
const TOO_LARGE = new Set<string | number>([1153, 1301, 1406]);
const NOT_MYSQL = new Set<string | number>([
  1043,
  'PROTOCOL_PACKETS_OUT_OF_ORDER',
  'HANDSHAKE_UNKNOWN_ERROR',
]);

const includes = (codes: ReadonlySet<string | number>, { code, errno }: DriverError): boolean =>
  (code !== undefined && codes.has(code)) || (errno !== undefined && codes.has(errno));

export const isLost = (error: unknown): boolean => includes(LOST, toDriverError(error));
export const isBusy = (error: unknown): boolean => includes(BUSY, toDriverError(error));

/** The table or column a statement named does not exist. */
export function isMissing(error: unknown): boolean {
  const cause = error instanceof MemoryError ? error.cause : error;
  const driverError = toDriverError(cause);
  return includes(NO_SCHEMA, driverError) || /no such (table|column)/.test(driverError.message);
}

/** Why no connection came about, in one line that names the setting to look at. */
export function explainConnect(error: unknown, address: Address): MemoryError {
  const cause = toDriverError(error);
  const { host, port, user, database, settings } = address;
  const wrong = (text: string) => new MemoryError('config_invalid', text, { cause: error });
  if (cause.code === 'ENOTFOUND' || cause.code === 'EAI_AGAIN')
    return wrong(`No host is known by the name ${host}. Check ${settings}_host.`);
  if (cause.code === 'ECONNREFUSED')
    return wrong(
      `Nothing answers on ${host}, port ${port}. Check ${settings}_host and ${settings}_port, or start the server.`,
    );
  const tls = tlsProblem(cause, address);
  if (tls !== null) return wrong(tls);
  if (includes(UNREACHABLE, cause))
    return wrong(
      `No answer from ${host}, port ${port}. Check ${settings}_host and ${settings}_port, and that the network (VPC, security group, white list of the instance) lets this machine through.`,
    );
  if (includes(REFUSED_LOGIN, cause))
    return wrong(
      `${host} refuses user ${user}. Check ${settings}_username and ${settings}_password; an account that demands TLS needs ${settings}_use_ssl.`,
    );
  if (includes(NO_DATABASE, cause))
    return wrong(
      `User ${user} finds no database ${database} on ${host}. Check ${settings}_database, or create it.`,
    );
  if (includes(NOT_MYSQL, cause) || includes(LOST, cause))
    return wrong(
      `${host}, port ${port}, ends the connection before it begins. Check that ${settings}_port is the MySQL port, and the white list of the instance.`,
    );
  return explainStatement(error, address);
}

function tlsProblem(cause: DriverError, { host, settings }: Address): string | null {
  const text = `${cause.code ?? ''} ${cause.message}`;
  if (cause.code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return `${host} offers no TLS. Set ${settings}_use_ssl to false, or switch TLS on at the server.`;
  if (cause.errno === 3159) return `${host} demands TLS. Set ${settings}_use_ssl to true.`;
  if (/CERT|SELF_SIGNED|VERIFY|self.signed|certificate|altname|Hostname/i.test(text))
    return `The TLS certificate of ${host} is not trusted (${cause.message}). Set ${settings}_ca to the certificate of its authority.`;
  if (cause.code === 'HANDSHAKE_SSL_ERROR' || /^(ERR_SSL|ERR_TLS|EPROTO)/.test(text))
    return `TLS with ${host} fails (${cause.message}). Check ${settings}_use_ssl and ${settings}_ca.`;
  return null;
}

/** What a statement's failure means to the caller. */
export function explainStatement(error: unknown, { host, settings }: Address): MemoryError {
  const cause = toDriverError(error);
  const failed = (code: ErrorCode, text: string) => new MemoryError(code, text, { cause: error });
  if (includes(TOO_LARGE, cause))
    return failed('too_large', `A value does not fit the database (${cause.message}).`);
  if (includes(NO_SCHEMA, cause))
    return failed(
      'config_invalid',
      `The database lacks a table or column (${cause.message}). Run npm run migrate.`,
    );
  if (includes(NO_PRIVILEGE, cause))
    return failed('config_invalid', `${settings}_username lacks a privilege: ${cause.message}`);
  if (cause.errno === undefined || cause.errno < 0 || includes(LOST, cause) || includes(BUSY, cause))
    return failed('store_unavailable', `The database on ${host} cannot be reached: ${cause.message}`);
  return failed('internal', `The database refuses a statement: ${cause.message}`);
}

function toDriverError(error: unknown): DriverError {
  if (error instanceof MemoryError) return { message: error.message };
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  // A name with several addresses fails with one error per address.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const { code, errno, message } = first as Partial<DriverError>;
  return {
    message: message ?? String(error),
    ...(code === undefined ? {} : { code }),
    ...(errno === undefined ? {} : { errno }),
  };
}
