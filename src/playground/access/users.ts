// Who asks: bearer tokens of users and of service accounts, and headers that speak for somebody else.

import type { IncomingHttpHeaders } from 'node:http';
import { accountGroups, accountUserName, parseAccountUser } from '../../kube/rbac-authorizer.ts';
import type { User } from '../kernel.ts';
import { unauthorized } from '../status-error.ts';

export interface PlaygroundUser {
  readonly name: string;
  readonly groups?: readonly string[];
  /** Made up where it is left out. */
  readonly token?: string;
}

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const authenticated = 'system:authenticated';

export function serviceAccountUser(namespace: string, name: string): User {
  return { name: accountUserName(namespace, name), groups: accountGroups(namespace) };
}

/** Tokens and whose they are. */
export class Tokens {
  readonly #users = new Map<string, User>();

  add(token: string, user: User): void {
    this.#users.set(token, user);
  }

  addUser(token: string, { name, groups = [] }: PlaygroundUser): void {
    this.add(token, { name, groups: [...new Set([...groups, authenticated])] });
  }

  find(token: string): User | undefined {
    return this.#users.get(token);
  }

  /** The user of a request; nobody in particular where it has no token. */
  authenticate(headers: IncomingHttpHeaders): User {
    const match = /^bearer +(\S+)$/i.exec(headers.authorization ?? '');
    if (match === null) return anonymous;
    const user = this.find(match[1] ?? '');
    if (user === undefined) throw unauthorized();
    return user;
  }
}

export interface Impersonated {
  readonly user: User;
  /** What the real user must be allowed to impersonate: `[['users', 'jane'], ['groups', 'dev']]`. */
  readonly claims: readonly (readonly [resource: string, name: string])[];
}

interface RawHeader {
  readonly name: string;
  readonly value: string;
}

function pairsOf(rawHeaders: readonly string[]): RawHeader[] {
  const pairs: RawHeader[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2)
    pairs.push({ name: (rawHeaders[index] ?? '').toLowerCase(), value: rawHeaders[index + 1] ?? '' });
  return pairs;
}

const extraPrefix = 'impersonate-extra-';

/** Groups that a user has who is spoken for: those that are named, else those of a service account; and always one of the two sorts. */
function groupsFor(name: string, named: readonly string[], account: User | undefined): string[] {
  const own = named.length > 0 ? named : (account?.groups ?? []);
  const sort = name === anonymous.name ? anonymous.groups : [authenticated];
  return [...new Set([...own, ...sort])];
}

interface ExtraValue {
  readonly key: string;
  readonly value: string;
}

function extrasOf(headers: readonly RawHeader[]): ExtraValue[] {
  return headers
    .filter((each) => each.name.startsWith(extraPrefix))
    .map(({ name, value }) => ({ key: decodeURIComponent(name.slice(extraPrefix.length)), value }));
}

function collectExtras(extras: readonly ExtraValue[]): Record<string, string[]> {
  const collected: Record<string, string[]> = {};
  for (const { key, value } of extras) collected[key] = [...(collected[key] ?? []), value];
  return collected;
}

/** The headers of impersonation, each of which may stand several times. */
export function impersonatedBy(rawHeaders: readonly string[]): Impersonated | undefined {
  const headers = pairsOf(rawHeaders);
  const valuesOf = (name: string): string[] => headers.filter((each) => each.name === name).map((each) => each.value);
  const [name] = valuesOf('impersonate-user');
  if (name === undefined) return undefined;
  const groups = valuesOf('impersonate-group');
  const [uid] = valuesOf('impersonate-uid');
  const extras = extrasOf(headers);
  const spoken = parseAccountUser(name);
  const account = spoken && serviceAccountUser(spoken.namespace, spoken.name);
  const user = { name, groups: groupsFor(name, groups, account), extra: collectExtras(extras) };
  return {
    user: uid === undefined ? user : { ...user, uid },
    claims: [
      spoken === undefined ? ['users', name] : ['serviceaccounts', `${spoken.namespace}/${spoken.name}`],
      ...groups.map((group) => ['groups', group] as const),
      ...(uid === undefined ? [] : [['uids', uid] as const]),
      ...extras.map(({ key, value }) => [`userextras/${key}`, value] as const),
    ],
  };
}
