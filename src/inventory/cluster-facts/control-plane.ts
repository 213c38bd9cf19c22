// How the programs of the control plane are started, wherever their static pods are seen, and what that says of the audit log.

import type { KubeObject } from '../../model/index.ts';
import type { ClusterView, Program, Tri } from './view.ts';

export const controlPlaneComponents = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const;
export type Component = (typeof controlPlaneComponents)[number];

/** Flags of one program as it is started: the last value of each, `true` where none is written. */
export type Flags = ReadonlyMap<string, string>;

const flagPattern = /^--?([a-z0-9-]+)(?:=(.*))?$/s;

export function parseFlags(words: readonly string[]): Flags {
  const flags = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const match = flagPattern.exec(word);
    if (match?.[1] === undefined) continue;
    const following = words[index + 1];
    const apart = following === undefined || following.startsWith('-') ? 'true' : following;
    flags.set(match[1], match[2] ?? apart);
  }
  return flags;
}

/** The program that a container starts: the last part of its first word. */
export function programName(words: readonly string[]): string {
  return (words[0] ?? '').split('/').at(-1) ?? '';
}

export interface StartedComponent {
  readonly component: Component;
  readonly object: KubeObject;
  readonly container: string;
  readonly flags: Flags;
}

function toStarted({ object, container, words }: Program): StartedComponent[] {
  const name = programName(words);
  return controlPlaneComponents
    .filter((each) => each === name)
    .map((component) => ({ component, object, container, flags: parseFlags(words.slice(1)) }));
}

export function findComponents({ programs }: ClusterView): StartedComponent[] {
  return programs.flatMap(toStarted);
}

export interface ControlPlaneFacts {
  /** Every component whose start was seen, with its flags: none on a managed service. */
  readonly components: readonly {
    readonly component: Component;
    readonly pod: string;
    readonly flags: Readonly<Record<string, string>>;
  }[];
  readonly audit: {
    /** Whether requests are recorded, in a file or sent away. */
    readonly enabled: Tri;
    /** Path of the policy on the control-plane node. */
    readonly policyFile?: string;
    readonly logPath?: string;
  };
}

function auditOf(components: readonly StartedComponent[]): ControlPlaneFacts['audit'] {
  const server = components.find(({ component }) => component === 'kube-apiserver');
  if (server === undefined) return { enabled: 'unknown' };
  const [logPath, policyFile] = [server.flags.get('audit-log-path'), server.flags.get('audit-policy-file')];
  const recorded = logPath !== undefined || server.flags.has('audit-webhook-config-file');
  return {
    // Without a policy nothing is recorded, whatever the path.
    enabled: recorded && policyFile !== undefined,
    ...(policyFile === undefined ? {} : { policyFile }),
    ...(logPath === undefined ? {} : { logPath }),
  };
}

export function findControlPlane(view: ClusterView): ControlPlaneFacts {
  const started = findComponents(view);
  return {
    components: started.map(({ component, object, flags }) => ({
      component,
      pod: `${object.namespace}/${object.name}`,
      flags: Object.fromEntries(flags),
    })),
    audit: auditOf(started),
  };
}
