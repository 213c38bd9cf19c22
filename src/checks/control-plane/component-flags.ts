// Checks on the flags of control-plane programs, wherever the input shows how they are started.

import {
  type Component,
  findComponents,
  type Flags,
  type Inventory,
  parseFlags,
  programName,
  viewOf,
  type Workload,
} from '../../inventory/index.ts';
import { asArray, asString, type CheckMeta, type KubeObject, type Path, pushTo } from '../../model/index.ts';
import { appCheck, type AppCheck, type AppDiagnostic } from '../check.ts';
import { settleUnseen } from './benchmark.ts';

export type { Component, Flags } from '../../inventory/index.ts';

interface Started {
  readonly flags: Flags;
  /** Where a file says it; a pod of a cluster is named in the evidence instead. */
  readonly place?: { readonly object: KubeObject; readonly path: Path };
  readonly pod: string;
}

function startedIn({ object, containers }: Workload, component: Component): Started[] {
  return containers.flatMap(({ raw, path }) => {
    const words = [...asArray(raw['command']), ...asArray(raw['args'])].flatMap((word) => asString(word) ?? []);
    if (programName(words) !== component) return [];
    const place = { object, path: [...path, raw['args'] === undefined ? 'command' : 'args'] };
    return [{ flags: parseFlags(words.slice(1)), place, pod: object.name }];
  });
}

/** Static pods of a cluster belong to its nodes, not to the app: they are seen wherever they are. */
function startedLive(inventory: Inventory): ReadonlyMap<Component, readonly Started[]> {
  const byComponent = new Map<Component, Started[]>();
  for (const { component, object, flags } of findComponents(viewOf(inventory)))
    pushTo(byComponent, component, { flags, pod: `${object.namespace}/${object.name}` });
  return byComponent;
}

const startedCache = new WeakMap<Inventory, Map<Component, readonly Started[]>>();

export function findStarted(inventory: Inventory, component: Component): readonly Started[] {
  if (viewOf(inventory).live) return inventory.derive(startedLive).get(component) ?? [];
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
        const wrong = started.filter(({ flags }) => !holds(flags.get(flag), flags));
        return wrong.map(
          ({ flags, place, pod }): AppDiagnostic => ({
            ...place,
            message: `${component} ${problem}`,
            evidence: `${flags.has(flag) ? `--${flag} is set to ${flags.get(flag) ?? ''}` : `--${flag} is not set`}${place === undefined ? ` in pod ${pod}` : ''}`,
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

/** How the rotation of audit logs reads its limits: 0, and nothing, leave out none. Source: kube-apiserver's flags, lumberjack. */
export function isUnlimited(value: string | undefined): boolean {
  return value === undefined || Number(value) === 0;
}

/** True where a flag is a number of at least `minimum`. */
export function atLeast(value: string | undefined, minimum: number): boolean {
  return value !== undefined && Number(value) >= minimum;
}
