// The API server's own record of what was asked of it, as a witness: what a user did since the test began.

import { existsSync, readFileSync, statSync } from 'node:fs';
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

/** Remembers where the log ends; the answer gives what `user` asked for since then. */
export function watchAuditLog(path: string): (user: string) => AuditedRequest[] {
  const start = statSync(path).size;
  return (user) => {
    const bytes = readFileSync(path);
    // A log that was turned over in the meantime begins anew.
    const text = bytes.subarray(bytes.length < start ? 0 : start).toString();
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
