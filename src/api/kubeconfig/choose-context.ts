// Which cluster, user and namespace of a kubeconfig to use, after the command's own flags.

import { UserError } from '../../model/index.ts';
import { present } from '../present.ts';
import type { ClusterEntry, Impersonation, Kubeconfig, UserEntry } from './kubeconfig.ts';
import { parseCluster, parseUser } from './parse-kubeconfig.ts';

/** kubectl's `--context`, `--cluster`, `--user`, `--namespace` and `--as…`; each wins over the kubeconfig. */
export interface Choice {
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly impersonate?: Impersonation;
}

export interface Chosen {
  /** '' where cluster and user were named without a context. */
  readonly context: string;
  readonly cluster: ClusterEntry;
  /** Left out: anonymous. */
  readonly user?: UserEntry;
  readonly namespace: string;
  readonly impersonate?: Impersonation;
}

/** Names for an advice: not more than a person reads. */
function listNames(names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return 'there is none';
  return all.length <= 8 ? all.join(', ') : `${all.slice(0, 8).join(', ')} and ${all.length - 8} more`;
}

function unknown(word: string, name: string, names: Iterable<string>, { files }: Kubeconfig): UserError {
  return new UserError(
    'unknown-context',
    `no ${word} "${name}" in ${files.join(', ')}`,
    `Choose one of its ${word}s: ${listNames(names)}.`,
  );
}

function findContext(
  config: Kubeconfig,
  choice: Choice,
): { name: string; cluster?: string; user?: string; namespace?: string } {
  const name = choice.context ?? config.currentContext;
  if (name === undefined) {
    if (choice.cluster !== undefined) return { name: '' };
    throw new UserError(
      'unknown-context',
      `${config.files.join(', ')}: no context is chosen`,
      `Name one with --context, or choose it with kubectl config use-context: ${listNames(config.contexts.keys())}.`,
    );
  }
  const found = config.contexts.get(name);
  if (found === undefined) throw unknown('context', name, config.contexts.keys(), config);
  return found;
}

/** '' names no user: anonymous. */
function findUser(config: Kubeconfig, name: string): UserEntry | undefined {
  const found = config.users.get(name);
  if (found === undefined && name !== '') throw unknown('user', name, config.users.keys(), config);
  return found && parseUser(found);
}

function findCluster(config: Kubeconfig, name: string): ClusterEntry {
  const found = config.clusters.get(name);
  if (found === undefined) throw unknown('cluster', name, config.clusters.keys(), config);
  return parseCluster(found);
}

/** Throws `unknown-context` or `kubeconfig-invalid`. */
export function chooseContext(config: Kubeconfig, choice: Choice): Chosen {
  const context = { cluster: '', user: '', namespace: 'default', ...findContext(config, choice) };
  const user = findUser(config, choice.user ?? context.user);
  return {
    context: context.name,
    cluster: findCluster(config, choice.cluster ?? context.cluster),
    namespace: choice.namespace ?? context.namespace,
    ...present<Chosen>({ user, impersonate: choice.impersonate ?? user?.impersonate }),
  };
}
