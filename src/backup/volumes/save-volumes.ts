// Saves the files of the volumes of running pods, and tells who waits for them.

import { randomBytes } from 'node:crypto';
import { asString, inParallel, type JsonObject } from '../../model/index.ts';
import type { CollectProblem } from '../collect/gap.ts';
import type { ChosenVolumes, VolumeToSave } from './choose-volumes.ts';
import { sourcePath } from './kopia.ts';
import type { MovingVolumes } from './moving-volumes.ts';
import { failureText, type FilesToSave, problemsOfFiles, type SavedFiles, saveFiles } from './save-files.ts';
import { podVolumeBackup, type SavedFacts, volumeInfo } from './velero-records.ts';
import type { SavedVolumes, VolumesTold } from './volume-data.ts';

export interface SavingVolumes extends MovingVolumes {
  readonly chosen: ChosenVolumes;
  /** Persistent volumes by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
  readonly backup: string;
  readonly veleroNamespace: string;
  readonly storageLocation: string;
}

/** The pod's volume as a helper mounts it. */
function mountOf({ source }: VolumeToSave): JsonObject {
  if (source.kind === 'claim') return { persistentVolumeClaim: { claimName: source.claim } };
  return source.kind === 'nfs' ? { nfs: source.nfs } : { hostPath: { path: source.path } };
}

function recordOf({ namespace, pod, name, node, source }: VolumeToSave): FilesToSave['record'] {
  return {
    namespace,
    pod,
    name,
    node,
    ...(source.kind === 'claim' ? { claim: source.claim } : {}),
    ...(source.kind === 'host-path' ? { hostPath: source.path } : {}),
  };
}

function filesToSave({ chosen }: SavingVolumes, volume: VolumeToSave, index: number): FilesToSave {
  const { namespace, pod, name, node, podSpec, source } = volume;
  return {
    title: `${namespace}/${pod}, volume ${name}`,
    namespace,
    source: mountOf(volume),
    node,
    podSpec,
    path: sourcePath({ namespace, pod, volume: source.kind === 'claim' ? source.claim : name }),
    record: recordOf(volume),
    sweeps: chosen.saved.findIndex((each) => each.namespace === namespace) === index,
    list: String(index),
  };
}

interface Done extends SavedFiles {
  readonly facts: SavedFacts;
}

function factsOf(how: SavingVolumes, volume: VolumeToSave, { snapshot, started, completed }: SavedFiles): SavedFacts {
  const { backup, veleroNamespace, storageLocation } = how;
  const suffix = randomBytes(3).toString('hex');
  return { backup, veleroNamespace, storageLocation, volume, snapshot, suffix, started, completed };
}

/** Velero would wait for ever for a directory of the node that is no volume to the kubelet. */
function isForVelero({ source }: VolumeToSave): boolean {
  return source.kind !== 'host-path';
}

function titleOf({ name, pod }: Pick<VolumeToSave, 'name' | 'pod'>): string {
  return `volume ${name} of pod ${pod}`;
}

function failure(volume: VolumeToSave, error: unknown): CollectProblem {
  const message = `${titleOf(volume)} is not saved: ${failureText(error)}`;
  return { severity: 'error', namespace: volume.namespace, message };
}

function leftOutProblems({ leftOut }: ChosenVolumes): CollectProblem[] {
  return leftOut
    .filter(({ asked }) => asked)
    .map(({ namespace, pod, name, reason }) => ({
      severity: 'warning',
      namespace,
      message: `volume ${name} of pod ${pod} is not saved: ${reason}`,
    }));
}

/** Tells of each pod once, when the last of its volumes is done. */
function tellingOf(volumes: readonly VolumeToSave[], told: VolumesTold): (volume: VolumeToSave) => Promise<void> {
  const left = new Map<string, number>();
  const seen = new Set<VolumeToSave>();
  const keyOf = ({ namespace, pod }: VolumeToSave): string => `${namespace}/${pod}`;
  for (const each of volumes) left.set(keyOf(each), (left.get(keyOf(each)) ?? 0) + 1);
  return async (volume) => {
    if (seen.has(volume)) return;
    seen.add(volume);
    const rest = (left.get(keyOf(volume)) ?? 1) - 1;
    left.set(keyOf(volume), rest);
    if (rest === 0) await told.onPodSaved(volume.namespace, volume.pod);
  };
}

/** A volume that cannot be saved is a problem of the backup; throws where the user ends it. */
export async function saveVolumes(how: SavingVolumes, told: VolumesTold): Promise<SavedVolumes> {
  const { saved } = how.chosen;
  const onSaved = tellingOf(saved, told);
  const problems = leftOutProblems(how.chosen);
  const results = await inParallel(saved, how.concurrency, async (volume, index): Promise<Done | undefined> => {
    try {
      const files = await saveFiles(how, filesToSave(how, volume, index), () => onSaved(volume));
      return { ...files, facts: factsOf(how, volume, files) };
    } catch (error) {
      how.context.signal.throwIfAborted();
      problems.push(failure(volume, error));
      return undefined;
    } finally {
      await onSaved(volume);
    }
  });
  const done = results.filter((each) => each !== undefined);
  problems.push(...done.flatMap((each) => problemsOfFiles(each, titleOf(each.facts.volume))));
  const forVelero = done.filter(({ facts }) => isForVelero(facts.volume));
  return {
    podVolumeBackups: forVelero.map(({ facts }) => podVolumeBackup(facts)),
    infos: forVelero.map(({ facts }) => volumeInfo(facts, persistentOf(how, facts))),
    problems,
    volumes: done.map(({ volume }) => volume),
    listed: done.map(({ listed }) => listed),
  };
}

function persistentOf({ volumes }: SavingVolumes, { volume: { source } }: SavedFacts): JsonObject | undefined {
  return source.kind === 'claim' ? volumes.get(asString(source.volume) ?? '') : undefined;
}
