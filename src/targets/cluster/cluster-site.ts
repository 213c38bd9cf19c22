// Steps of a plan in a cluster: each write names the version of the object that it was made for, and what came of it is read from the answer.

import { applyObject, createObject, deleteObject, isApiError, patchObject } from '../../api/index.ts';
import { diffToPatch, unmetBy } from '../../kube/live/json-patch.ts';
import { stableForm } from '../../kube/live/stable-form.ts';
import {
  asArray,
  asObject,
  asString,
  type ClusterAction,
  type Inverse,
  type JsonObject,
  type ObjectRef,
  type PlanAction,
  type PlanInput,
  UserError,
} from '../../model/index.ts';
import { nameOfInput, type Performed, type Site, tellChange } from '../site.ts';
import { type ObjectInput, type OpenCluster, placeOf, readLive, refOf, resourceFor, toInput } from './live-object.ts';

export const fieldManager = 'nowwhat';

/** A field that somebody else holds with another value. */
export interface FieldConflict {
  readonly manager: string;
  /** As the server names it: `.spec.template.spec.containers[name="web"].image`. */
  readonly field: string;
}

/** What stands before and after a write; one side is missing where it is made or deleted. */
export interface Written {
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/** Writes that another one came before are made again, so often. */
const mostTries = 5;

/** The conflicts that a refused application tells of; none where it was refused for another reason. */
export function readConflicts(error: unknown): FieldConflict[] {
  if (!isApiError(error, 409)) return [];
  const causes = asArray(asObject(error.answer['details'])['causes']).map(asObject);
  return causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message, field }) => ({
      manager: /^conflict with "([^"]+)"/.exec(asString(message) ?? '')?.[1] ?? '',
      field: asString(field) ?? '',
    }));
}

export function targetOf(action: ClusterAction): ObjectRef {
  return action.kind === 'apply' || action.kind === 'create' ? refOf(action.object) : action.object;
}

function conflictError(object: ObjectRef, conflicts: readonly FieldConflict[], cause: unknown): UserError {
  const managers = [...new Set(conflicts.map(({ manager }) => manager))];
  return new UserError(
    'field-conflict',
    `${object.kind} ${object.name}: ${managers.join(', ')} holds ${conflicts.map(({ field }) => field).join(', ')} with another value`,
    `Change it where it comes from, or take it over with ${managers.map((each) => `--take-over ${each}`).join(' ')}.`,
    cause,
  );
}

/** What the server alone writes goes with neither side: only what somebody wants is compared. Replicas are wanted, too. */
function wantedPart(object: JsonObject): JsonObject {
  const { replicas } = asObject(object['spec']);
  const form = stableForm(object);
  return replicas === undefined ? form : { ...form, spec: { ...asObject(form['spec']), replicas } };
}

function inverseOf(action: ClusterAction, { before, after }: Written): Inverse {
  const object = targetOf(action);
  if (action.kind === 'create') return { kind: 'delete', object };
  if (before === undefined) return { kind: 'none', reason: 'there was nothing before' };
  if (action.kind === 'delete')
    return object.kind === 'Secret'
      ? { kind: 'none', reason: 'the values of a Secret are not kept' }
      : { kind: 'create', object: wantedPart(before) };
  return { kind: 'patch', object, patch: diffToPatch(wantedPart(after ?? {}), wantedPart(before)) };
}

/** The version that a write is made for: the server refuses it where there is a newer one. */
function versionOf(live: JsonObject): string {
  return asString(asObject(live['metadata'])['resourceVersion']) ?? '';
}

export class ClusterSite implements Site {
  private readonly cluster: OpenCluster;

  constructor(cluster: OpenCluster) {
    this.cluster = cluster;
  }

  readonly readInput = async (input: PlanInput): Promise<ObjectInput> => {
    if (input.kind === 'file') throw new Error('a cluster holds no files');
    return toInput(input.object, await readLive(this.cluster, input.object));
  };

  readonly findObstacles = async (planned: PlanAction, input: PlanInput | undefined): Promise<readonly string[]> => {
    const action = planned as ClusterAction;
    return obstaclesOf(action, input, await readLive(this.cluster, targetOf(action)));
  };

  readonly perform = async (planned: PlanAction, input: PlanInput | undefined): Promise<Performed> => {
    const action = planned as ClusterAction;
    const written = await this.write(action, input, false);
    return { inverse: inverseOf(action, written), left: toInput(targetOf(action), written.after) };
  };

  /** What the server would make of it; nothing is stored. Throws as `perform` does. */
  async rehearse(
    action: ClusterAction,
    input: PlanInput | undefined,
  ): Promise<Written & { readonly inverse: Inverse }> {
    const written = await this.write(action, input, true);
    return { ...written, inverse: inverseOf(action, written) };
  }

  private async write(action: ClusterAction, input: PlanInput | undefined, dryRun: boolean): Promise<Written> {
    for (let tries = 1; ; tries += 1) {
      const before = await readLive(this.cluster, targetOf(action));
      const [obstacle] = obstaclesOf(action, input, before);
      if (obstacle !== undefined)
        throw new UserError('plan-changed', obstacle, 'Make the plan anew: somebody has changed it since.');
      try {
        return { before, after: await this.send(action, before, dryRun) };
      } catch (error) {
        const isOvertaken = isApiError(error, 409) && readConflicts(error).length === 0;
        if (!isOvertaken || tries === mostTries) throw error;
      }
    }
  }

  private async send(
    action: ClusterAction,
    before: JsonObject | undefined,
    dryRun: boolean,
  ): Promise<JsonObject | undefined> {
    const object = targetOf(action);
    const resource = resourceFor(this.cluster, object);
    const options = { dryRun, fieldManager };
    const { client } = this.cluster;
    switch (action.kind) {
      case 'create':
        return await createObject(client, resource, action.object, options);
      case 'apply':
        return await this.apply(action, before ?? {}, dryRun);
      case 'patch': {
        // Not a test: one that fails is a 422 as any other mistake is, a version that is too old a 409.
        const version = { op: 'replace', path: '/metadata/resourceVersion', value: versionOf(before ?? {}) };
        const body = [version, ...action.patch.map((operation) => ({ ...operation }))];
        return await patchObject(client, resource, placeOf(object), { type: 'json', body, ...options });
      }
      case 'delete': {
        const { uid } = asObject(before?.['metadata']);
        const options = { dryRun, uid: asString(uid) ?? '', resourceVersion: versionOf(before ?? {}) };
        await deleteObject(client, resource, placeOf(object), options);
        return undefined;
      }
    }
  }

  /** Only fields of managers that the plan names are taken; our own other writes are ours. */
  private async apply(
    { object, takeOver }: ClusterAction & { readonly kind: 'apply' },
    before: JsonObject,
    dryRun: boolean,
  ): Promise<JsonObject> {
    const resource = resourceFor(this.cluster, refOf(object));
    const metadata = { ...asObject(object['metadata']), resourceVersion: versionOf(before) };
    const body = { ...object, metadata };
    const options = { dryRun, fieldManager };
    try {
      return await applyObject(this.cluster.client, resource, body, options);
    } catch (error) {
      const conflicts = readConflicts(error);
      const others = conflicts.filter(({ manager }) => manager !== fieldManager && !takeOver.includes(manager));
      if (conflicts.length === 0) throw error;
      if (others.length > 0) throw conflictError(refOf(object), others, error);
      return await applyObject(this.cluster.client, resource, body, { ...options, force: true });
    }
  }
}

/** Why an action does not fit the object as it is. */
function obstaclesOf(
  action: ClusterAction,
  input: PlanInput | undefined,
  live: JsonObject | undefined,
): readonly string[] {
  const now = toInput(targetOf(action), live);
  const name = nameOfInput(now);
  if (action.kind === 'create') return live === undefined ? [] : [`${name} is there already`];
  if (live === undefined) return [`${name} is gone`];
  const change = input === undefined ? undefined : tellChange(input, now);
  if (action.kind !== 'patch') return change === undefined ? [] : [change];
  return unmetBy(live, action.patch).map((path) => `${name} has changed at ${path}`);
}
