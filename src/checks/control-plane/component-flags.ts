// Checks on the flags of control-plane programs, wherever the input shows how they are started.

import { type Inventory, type Workload } from '../../inventory/index.ts';
import { asArray, asString, type CheckMeta, type Path } from '../../model/index.ts';
import { appCheck, type AppCheck, type AppDiagnostic } from '../check.ts';
import { settleUnseen } from './benchmark.ts';

export type Component = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'etcd';

/** Flags of one program as it is started: the last value of each, `true` where none is written. */
export type Flags = ReadonlyMap<string, string>;

interface Started {
  readonly workload: Workload;
  readonly flags: Flags;
  readonly path: Path;
}

const flagPattern = /^--?([a-z0-9-]+)(?:=(.*))?$/s;

function parseFlags(words: readonly string[]): Flags {
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

function startedIn(workload: Workload, component: Component): Started[] {
  return workload.containers.flatMap(({ raw, path }) => {
    const words = [...asArray(raw['command']), ...asArray(raw['args'])].flatMap((word) => asString(word) ?? []);
    const program = (words[0] ?? '').split('/').at(-1);
    if (program !== component) return [];
    return [
      { workload, flags: parseFlags(words.slice(1)), path: [...path, raw['args'] === undefined ? 'command' : 'args'] },
    ];
  });
}

const startedCache = new WeakMap<Inventory, Map<Component, readonly Started[]>>();

function findStarted(inventory: Inventory, component: Component): readonly Started[] {
  let byComponent = startedCache.get(inventory);
  if (byComponent === undefined) {
    byComponent = new Map();
    startedCache.set(inventory, byComponent);
  }
  let started = byComponent.get(component);
  if (started === undefined) {
    started = inventory.workloads.flatMap((workload) => startedIn(workload, component));
    byComponent.set(component, started);
  }
  return started;
}

export interface FlagFacts {
  readonly component: Component;
  /** The flag that the finding is about. */
  readonly flag: string;
  readonly holds: (value: string | undefined, flags: Flags) => boolean;
  /** What is wrong, after the name of the program: `kube-apiserver answers requests without a name`. */
  readonly problem: string;
}

export const settledByControlPlane = 'the control plane: its pods, or a report of kube-bench given with --evidence';

/** Judges one flag; unknown where the input does not show how the program is started. */
export function flagCheck(
  meta: Omit<CheckMeta, 'settledBy'>,
  { component, flag, holds, problem }: FlagFacts,
): AppCheck {
  return appCheck(
    { ...meta, settledBy: settledByControlPlane },
    {
      find: ({ inventory }) => {
        const started = findStarted(inventory, component);
        if (started.length === 0) {
          const unseen = { check: meta.id, problem: `${component} ${problem}`, settledBy: settledByControlPlane };
          return settleUnseen(unseen, inventory);
        }
        return started
          .filter(({ flags }) => !holds(flags.get(flag), flags))
          .map(
            ({ workload, flags, path }): AppDiagnostic => ({
              object: workload.object,
              path,
              message: `${component} ${problem}`,
              evidence: flags.has(flag) ? `--${flag} is set to ${flags.get(flag) ?? ''}` : `--${flag} is not set`,
            }),
          );
      },
    },
  );
}

/** True where a comma-separated flag lists a word. */
export function lists(value: string | undefined, word: string): boolean {
  return (value ?? '').split(',').includes(word);
}

/** True where a flag is a number of at least `minimum`. */
export function atLeast(value: string | undefined, minimum: number): boolean {
  return value !== undefined && Number(value) >= minimum;
}
