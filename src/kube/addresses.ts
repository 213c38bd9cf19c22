// Finds addresses of other programs in settings: hosts with a port or a scheme, in variables and in whole files.

import { parseIpAddress } from './cidr.ts';

export interface Address {
  /** Lower case, without a dot at the end; an IPv4 or IPv6 address (without brackets) where one is written. Addresses of the own machine are left out. */
  readonly host: string;
  /** As written, or what the scheme stands for; absent where neither says. */
  readonly port?: number;
  /** True where the text itself says that this is an address: it has a scheme or a port. */
  readonly isCertain: boolean;
  /** True where its scheme is that of a server which programs call, and no person: `amqp`, and not `https`. */
  readonly isForPrograms?: true;
}

/** Ports that clients take where the address names none. Sources: IANA's registry, and the clients' own manuals. */
const portOfScheme: Readonly<Record<string, number>> = {
  http: 80,
  ws: 80,
  https: 443,
  wss: 443,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
  mongodb: 27017,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  nats: 4222,
};

// All repetitions are bounded, so that a megabyte of letters costs no more than a pass over it.
const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const name = String.raw`${label}(?:\.${label}){0,10}\.?`;
/** Behind brackets, as in a URL (RFC 3986). */
const host = String.raw`${name}|\[[0-9a-f:.]{2,45}\]`;
/** What names of gRPC have before the host: who resolves it, and perhaps the server that is asked. Source: gRPC Name Resolution. */
const resolver = String.raw`(?:dns|passthrough)://[^/\s"']{0,100}/`;
const scheme = '[a-z][a-z0-9+.-]{0,20}';
const login = String.raw`[^@/\s"']{1,200}@`;
/** One word that is an address as a whole: `scheme://user:password@host:port/path`, parts of it, or Go's `user@tcp(host:port)/db`. */
const word = new RegExp(
  String.raw`^(?:jdbc:)?(?:${resolver}|(${scheme})://)?(?:${login})?(?:tcp\()?(${host})(?::([0-9]{1,5}))?\)?(?:[/?#].*)?$`,
  'i',
);
/** An address inside of a text: only with a scheme or a port, since any word may be a host. */
const withinText = new RegExp(
  String.raw`(?:${resolver}|(${scheme})://(?:${login})?|(?<![-\w.:/@]))(${host})(?::([0-9]{1,5}))?(?![-\w.])`,
  'gi',
);
const comment = /^[ \t]*(?:#|\/\/|;|--).*$/gm;

function withoutBrackets(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

type Parts = readonly (string | undefined)[];

function startsWithDigit(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 48 && code <= 57;
}

function withoutLastDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

/** Neither the own machine nor "any address". */
function isOther(address: string): boolean {
  return parseIpAddress(address) !== undefined && !/^(?:[0:.]*1?|::ffff:(?:0|127)\..*)$/.test(address);
}

/** Numbers are hosts only as whole addresses, and neither the own machine nor "any address" is a callee. */
function isCallee(host: string): boolean {
  if (host.startsWith('[')) return isOther(withoutBrackets(host));
  if (!startsWithDigit(host)) return host.length > 'localhost.'.length || !/^localhost\.?$/i.test(host);
  if (!/^[0-9.]+$/.test(host)) return true;
  return parseIpAddress(host) !== undefined && !/^(?:0|127)\./.test(host);
}

function isForPrograms(protocol: string): boolean {
  const scheme = protocol.toLowerCase();
  return scheme !== 'http' && scheme !== 'https' && portOfScheme[scheme] !== undefined;
}

/** As written, or what the scheme stands for. */
function portOf(protocol: string, port: string | undefined): number | undefined {
  return port === undefined ? portOfScheme[protocol.toLowerCase()] : Number(port);
}

function toAddress([, protocol = '', host, port]: Parts): Address | undefined {
  if (host === undefined || !isCallee(host)) return undefined;
  const number = portOf(protocol, port);
  if (number !== undefined && (number < 1 || number > 65_535)) return undefined;
  return {
    host: withoutBrackets(withoutLastDot(host.toLowerCase())),
    ...(number === undefined ? {} : { port: number }),
    isCertain: protocol !== '' || port !== undefined,
    ...(isForPrograms(protocol) ? { isForPrograms: true } : {}),
  };
}

/** The addresses of a variable or an argument; several stand with commas or spaces between them. */
export function addressesInValue(value: string): Address[] {
  // `--flag=address` and libpq's `host=address` name it behind the sign.
  const words = value.split(/[\s,;]+/).map((each) => each.replace(/^-{0,2}[A-Za-z][\w-]*=/, ''));
  return words.flatMap((each) => {
    const match = word.exec(each);
    return match === null ? [] : (toAddress(match) ?? []);
  });
}

/** The addresses in a configuration file; lines that are comments are left out. */
export function addressesInText(text: string): Address[] {
  return [...text.replaceAll(comment, '').matchAll(withinText)].flatMap((match) => {
    const address = toAddress(match);
    return address?.isCertain === true ? address : [];
  });
}
