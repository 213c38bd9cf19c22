// Which workloads are worth most to an intruder, what holds one there today, and what to do about it.

import { renderBlock } from '../../fixes/index.ts';
import { prepareInventory } from '../../inventory/index.ts';
import {
  findPlaces,
  findSensitive,
  type Holds,
  type IsolationStep,
  planIsolation,
  type Reason,
  type SensitiveWorkload,
} from '../../isolation/index.ts';
import { cloudIdentityOf } from '../../inventory/rights/cloud-identity.ts';
import type { Inventory } from '../../inventory/index.ts';
import { kubectlIn, type NamedCluster, type Position, type Subject } from '../../model/index.ts';
import { toSubject } from '../../checks/index.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';

export interface IsolationWish extends ReadWish {
  /** Paths and options about reading as the user wrote them, for commands that read the same. */
  readonly repeated: string;
}

export interface SensitiveView {
  readonly subject: Subject;
  readonly position?: Position;
  readonly reasons: readonly Reason[];
  readonly holds: Holds;
  /** An identity in a cloud that does not work as it stands. */
  readonly cloudIdentityMissing?: string;
}

export interface StepView extends IsolationStep {
  /** The manifest as YAML. */
  readonly yaml?: string;
}

export interface IsolationAnswer {
  readonly schema: 'nowwhat.dev/isolation/v1';
  /** Absent where files were read. */
  readonly context?: string;
  /** All workloads that were looked at. */
  readonly looked: number;
  /** Kinds, as `group/Kind`, that could not be listed and that the report rests on. */
  readonly unseen: readonly string[];
  readonly workloads: readonly SensitiveView[];
  readonly steps: readonly StepView[];
}

function toView(
  inventory: Inventory,
  { workload, position, reasons, holds }: SensitiveWorkload,
  live: boolean,
): SensitiveView {
  const missing = cloudIdentityOf(inventory, workload)?.missing;
  return {
    subject: toSubject(workload.object, undefined),
    ...(live ? {} : { position }),
    reasons,
    holds,
    ...(missing === undefined ? {} : { cloudIdentityMissing: missing }),
  };
}

function toStepView({ manifest, ...step }: IsolationStep, cluster: NamedCluster): StepView {
  const commands = step.commands.map((command) => kubectlIn(command, cluster));
  const yaml = manifest === undefined ? {} : { manifest, yaml: renderBlock(manifest, { column: 0, newLine: '\n' }) };
  return { ...step, commands, ...yaml };
}

/** Reads files or a cluster. Nothing is changed. */
export async function findIsolation(wish: IsolationWish, outside: Outside): Promise<IsolationAnswer> {
  const { snapshot } = await readApp(wish, outside);
  const inventory = await prepareInventory(snapshot);
  const { result: sensitive, unseen } = inventory.unseen.watch(() =>
    findSensitive({ inventory, minor: snapshot.facts.minor }),
  );
  const steps = planIsolation(sensitive, { inventory, places: findPlaces(inventory), input: wish.repeated });
  const context = snapshot.facts.cluster?.context;
  return {
    schema: 'nowwhat.dev/isolation/v1',
    ...(context === undefined ? {} : { context }),
    looked: inventory.workloads.length,
    unseen: [...unseen].sort(),
    workloads: sensitive.map((each) => toView(inventory, each, context !== undefined)),
    steps: steps.map((step) => toStepView(step, wish.cluster ?? {})),
  };
}
