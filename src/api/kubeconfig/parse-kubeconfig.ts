// One kubeconfig's text to its clusters, users and contexts.

import { dirname, join, sep } from 'node:path';
import { parseYaml } from '../../kube/yaml/index.ts';
import { isJsonObject, type JsonObject } from '../../model/index.ts';
import { present } from '../present.ts';
import type {
  ClusterEntry,
  ContextEntry,
  Impersonation,
  Kubeconfig,
  LoginProgram,
  Place,
  RawEntry,
  UserEntry,
} from './kubeconfig.ts';
import {
  dataOrFileField,
  flagField,
  invalid,
  objectField,
  objectsField,
  pathField,
  textField,
  textsField,
} from './kubeconfig-fields.ts';

const loginVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'] as const;
const interactiveModes = ['Never', 'IfAvailable', 'Always'] as const;
const loginExtension = 'client.authentication.k8s.io/exec';

function loginConfig(cluster: JsonObject, place: Place): JsonObject | undefined {
  const found = objectsField(cluster, 'extensions', place).find((each) => each['name'] === loginExtension);
  return found === undefined ? undefined : objectField(found, 'extension', place);
}

/** Throws `kubeconfig-invalid`. */
export function parseCluster({ name, body: cluster, place }: RawEntry): ClusterEntry {
  return {
    name,
    server: textField(cluster, 'server', place) ?? '',
    insecure: flagField(cluster, 'insecure-skip-tls-verify', place),
    disableCompression: flagField(cluster, 'disable-compression', place),
    ...present<ClusterEntry>({
      tlsServerName: textField(cluster, 'tls-server-name', place),
      authority: dataOrFileField(cluster, 'certificate-authority', place),
      proxyUrl: textField(cluster, 'proxy-url', place),
      loginConfig: loginConfig(cluster, place),
    }),
  };
}

function parseEnv(exec: JsonObject, place: Place): Record<string, string> {
  const pairs = objectsField(exec, 'env', place).map((each) => {
    const name = textField(each, 'name', place);
    if (name === undefined) throw invalid(place, 'an "env" entry of "exec" has no "name"');
    return [name, textField(each, 'value', place) ?? ''] as const;
  });
  return Object.fromEntries(pairs);
}

function oneOf<T extends string>(values: readonly T[], value: string | undefined): T | undefined {
  return values.find((each) => each === value);
}

function parseInteractiveMode(exec: JsonObject, version: string, place: Place): LoginProgram['interactiveMode'] {
  const text = textField(exec, 'interactiveMode', place);
  if (text === undefined && version.endsWith('/v1beta1')) return 'IfAvailable';
  const mode = oneOf(interactiveModes, text);
  if (mode === undefined) throw invalid(place, `"interactiveMode" of "exec" is not ${interactiveModes.join(', ')}`);
  return mode;
}

function parseLogin(exec: JsonObject, place: Place): LoginProgram {
  const apiVersion = oneOf(loginVersions, textField(exec, 'apiVersion', place));
  if (apiVersion === undefined)
    throw invalid(place, `"apiVersion" of "exec" is neither ${loginVersions.join(' nor ')}`);
  const command = textField(exec, 'command', place);
  if (command === undefined) throw invalid(place, '"exec" has no "command"');
  // A bare name is looked up on PATH; anything else is a path, relative to the kubeconfig.
  const isPath = command.includes('/') || command.includes(sep);
  return {
    apiVersion,
    command: isPath && !/^([/\\]|[A-Za-z]:)/.test(command) ? join(place.folder, command) : command,
    args: textsField(exec, 'args', place) ?? [],
    env: parseEnv(exec, place),
    provideClusterInfo: flagField(exec, 'provideClusterInfo', place),
    interactiveMode: parseInteractiveMode(exec, apiVersion, place),
    ...present<LoginProgram>({ installHint: textField(exec, 'installHint', place) }),
  };
}

function parseImpersonation(user: JsonObject, place: Place): Impersonation | undefined {
  const as = textField(user, 'as', place);
  const groups = textsField(user, 'as-groups', place);
  const uid = textField(user, 'as-uid', place);
  const extras = objectField(user, 'as-user-extra', place);
  if (as === undefined) {
    if (groups === undefined && uid === undefined && extras === undefined) return undefined;
    throw invalid(place, 'has groups, a uid or extras to act as, and no "as"');
  }
  const extra =
    extras && Object.fromEntries(Object.keys(extras).map((key) => [key, textsField(extras, key, place) ?? []]));
  return { user: as, ...present<Impersonation>({ groups, uid, extra }) };
}

function givenUpWay(user: JsonObject, place: Place): string | undefined {
  const provider = objectField(user, 'auth-provider', place);
  if (provider !== undefined) return textField(provider, 'name', place) ?? 'auth-provider';
  return textField(user, 'username', place) === undefined ? undefined : 'basic';
}

/** Throws `kubeconfig-invalid`. */
export function parseUser({ name, body: user, place }: RawEntry): UserEntry {
  const exec = objectField(user, 'exec', place);
  return {
    name,
    ...present<UserEntry>({
      token: textField(user, 'token', place),
      tokenFile: pathField(user, 'tokenFile', place),
      certificate: dataOrFileField(user, 'client-certificate', place),
      key: dataOrFileField(user, 'client-key', place),
      login: exec && parseLogin(exec, place),
      impersonate: parseImpersonation(user, place),
      givenUp: givenUpWay(user, place),
    }),
  };
}

function parseContext({ name, body: context, place }: RawEntry): ContextEntry {
  return {
    name,
    cluster: textField(context, 'cluster', place) ?? '',
    user: textField(context, 'user', place) ?? '',
    ...present<ContextEntry>({ namespace: textField(context, 'namespace', place) }),
  };
}

type Word = 'cluster' | 'user' | 'context';

/** `clusters`, `users` or `contexts`. A name that stands twice in one file is an error, as with kubectl. */
function parseNamed(root: JsonObject, place: Place, word: Word): ReadonlyMap<string, RawEntry> {
  const found = new Map<string, RawEntry>();
  for (const item of objectsField(root, `${word}s`, place)) {
    const name = textField(item, 'name', place) ?? '';
    if (found.has(name)) throw invalid(place, `${word} "${name}" stands twice`);
    const inside = { ...place, entry: `${word} "${name}"` };
    found.set(name, { name, body: objectField(item, word, inside) ?? {}, place: inside });
  }
  return found;
}

function parseRoot(text: string, place: Place): JsonObject {
  const result = parseYaml(text);
  if (!result.ok) {
    const line = text.slice(0, result.failure.offset).split('\n').length;
    throw invalid(place, `line ${line}: ${result.failure.reason}`);
  }
  const root = result.parsed.values[0] ?? {};
  if (!isJsonObject(root)) throw invalid(place, 'is not a mapping');
  if ((root['kind'] ?? 'Config') !== 'Config') throw invalid(place, '"kind" is not "Config"');
  return root;
}

/** `file` is the absolute path; relative paths in the text count from its folder. Throws `kubeconfig-invalid`. */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  const place = { file, folder: dirname(file), entry: '' };
  const root = parseRoot(text, place);
  const contexts = [...parseNamed(root, place, 'context').values()].map(parseContext);
  return {
    files: [file],
    clusters: parseNamed(root, place, 'cluster'),
    users: parseNamed(root, place, 'user'),
    contexts: new Map(contexts.map((context) => [context.name, context])),
    ...present<Kubeconfig>({ currentContext: textField(root, 'current-context', place) }),
  };
}
