// The API server's own record of what was asked of it, as a witness: what a user did since the test began.

import { existsSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asNumber, asObject, asString, type JsonObject } from '../../src/model/index.ts';

/** Path of the audit log (`audit.k8s.io/v1`, JSON lines), or `undefined` where this machine has none for tests; says so aloud. */
export function auditLog(): string | undefined {
  const path = process.env['NOWWHAT_TEST_AUDIT_LOG'];
  if (path !== undefined && existsSync(path)) return path;
  process.stdout.write(`skipped: no witness: no audit log at "${path ?? ''}" (set NOWWHAT_TEST_AUDIT_LOG)\n`);
  return undefined;
}

export interface AuditedRequest {
  readonly user: string;
  readonly verb: string;
  /** `pods`, `pods/exec`, or the path of what is no resource. */
  readonly what: string;
  /** Of the object; '' where the log does not tell. */
  readonly namespace: string;
  readonly name: string;
  /** Of the answer. */
  readonly status: number;
  readonly userAgent: string;
  /** The server was told to store nothing. */
  readonly isDryRun: boolean;
}

function toRequest(event: JsonObject): AuditedRequest {
  const { resource, subresource, namespace, name } = asObject(event['objectRef']);
  const path = (asString(event['requestURI']) ?? '').replace(/\?.*/, '');
  const what = asString(resource) ?? path;
  return {
    // Who speaks for somebody else is judged as that one.
    user:
      asString(asObject(event['impersonatedUser'])['username']) ?? asString(asObject(event['user'])['username']) ?? '',
    verb: asString(event['verb']) ?? '',
    what: subresource === undefined ? what : `${what}/${asString(subresource) ?? ''}`,
    namespace: asString(namespace) ?? '',
    name: asString(name) ?? '',
    status: asNumber(asObject(event['responseStatus'])['code']) ?? 0,
    userAgent: asString(event['userAgent']) ?? '',
    isDryRun: /[?&]dryRun=All\b/.test(asString(event['requestURI']) ?? ''),
  };
}

/** What was written since: a log that is full is put away under its time, beside the next one. */
function readSince(path: string, { ino, size }: Pick<Stats, 'ino' | 'size'>): string {
  const folder = dirname(path);
  const full = readdirSync(folder).filter((name) => /^audit-.+\.log$/.test(name));
  const files = [...full.toSorted().map((name) => join(folder, name)), path];
  const first = files.findIndex((file) => statSync(file).ino === ino);
  const [rest, ...later] = files.slice(Math.max(0, first)).map((file) => readFileSync(file));
  return Buffer.concat([(rest ?? Buffer.alloc(0)).subarray(first < 0 ? 0 : size), ...later]).toString();
}

/** Remembers where the log ends; the answer gives what `user` asked for since then. */
export function watchAuditLog(path: string): (user: string) => AuditedRequest[] {
  const start = statSync(path);
  return (user) => {
    const text = readSince(path, start);
    const lines = text.split('\n').filter((line) => line.includes(user) && line.endsWith('}'));
    return lines.map((line) => toRequest(asObject(JSON.parse(line)))).filter((request) => request.user === user);
  };
}

const readingVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/** Questions about the asker's own rights: created as objects are, and stored nowhere. */
const questions: ReadonlySet<string> = new Set([
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
  'selfsubjectreviews',
]);

/** `exec` is a get to the API, and runs a program: it is told apart. */
export function isRead({ verb, what }: AuditedRequest): boolean {
  if (verb === 'create') return questions.has(what);
  return readingVerbs.has(verb) && !/^pods\/(?:exec|attach|portforward)$/.test(what);
}
