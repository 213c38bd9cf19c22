// The headers of a request that say who asks, and as whom.

import type { Connection } from '../connection.ts';
import type { Credential } from '../credentials/credentials.ts';
import type { Impersonation } from '../kubeconfig/kubeconfig.ts';

export type Headers = Readonly<Record<string, string | string[]>>;

/** Header values are bytes: text goes out as UTF-8, as Go sends it. */
function toHeaderValue(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** A key of `extra` as part of a header's name: what no header name may hold is percent-encoded. Source: client-go's transport. */
function toHeaderName(key: string): string {
  return [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[!#$&'*+\-.^_`|~0-9a-zA-Z]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

/** `Impersonate-User`, `-Group`, `-Uid` and `-Extra-…`. */
export function impersonationHeaders(impersonate: Impersonation | undefined): Headers {
  if (impersonate === undefined) return {};
  const { user, groups = [], uid, extra = {} } = impersonate;
  const extras = Object.entries(extra).map(([key, values]) => [
    `impersonate-extra-${toHeaderName(key)}`,
    values.map(toHeaderValue),
  ]);
  return {
    'impersonate-user': toHeaderValue(user),
    ...(groups.length === 0 ? {} : { 'impersonate-group': groups.map(toHeaderValue) }),
    ...(uid === undefined ? {} : { 'impersonate-uid': toHeaderValue(uid) }),
    ...Object.fromEntries(extras),
  };
}

export function identityHeaders(connection: Connection, credential: Credential): Headers {
  return {
    ...(credential.token === undefined ? {} : { authorization: `Bearer ${credential.token}` }),
    ...impersonationHeaders(connection.impersonate),
  };
}
