// Which volumes of a copy get data, and from where: pure.

import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import type { VolumeRecord } from '../volumes/velero-records.ts';
import type { CloneData, ClonedObject, CloneSource, Decision, PlannedVolume, SecretNote } from './clone-plan.ts';

const claims = 'persistentvolumeclaims';

function isRunning({ object }: ClonedObject): boolean {
  return (
    asObject(object['status'])['phase'] === 'Running' && asObject(object['metadata'])['deletionTimestamp'] === undefined
  );
}

function uses({ object }: ClonedObject, claim: string): boolean {
  const volumes = asArray(asObject(object['spec'])['volumes']).map(asObject);
  return volumes.some(({ persistentVolumeClaim }) => asObject(persistentVolumeClaim)['claimName'] === claim);
}

/** A pod of the original that uses the claim, a running one where there is one. */
export function podOf({ objects, namespace }: CloneSource, claim: string): ClonedObject | undefined {
  const pods = objects.filter(
    (item) => item.place.groupResource === 'pods' && item.place.namespace === namespace && uses(item, claim),
  );
  return pods.find(isRunning) ?? pods[0];
}

function claimOf({ objects, namespace }: CloneSource, claim: string): JsonObject {
  const isIt = ({ place }: ClonedObject): boolean =>
    place.groupResource === claims && place.namespace === namespace && place.name === claim;
  return objects.find(isIt)?.object ?? {};
}

/** Why a volume of the original cannot be read by a second pod. */
function obstacle(source: CloneSource, claim: string, copied: JsonObject): string | undefined {
  const { spec, status } = claimOf(source, claim);
  const { accessModes, volumeMode } = asObject(spec);
  const pod = podOf(source, claim);
  if (asObject(status)['phase'] !== 'Bound') return 'is not bound: nothing is in it';
  if (volumeMode === 'Block') return 'is a block device, which has no files';
  if (asArray(accessModes).includes('ReadWriteOncePod') && pod !== undefined && isRunning(pod))
    return 'lets one pod in and no second one (ReadWriteOncePod)';
  const { storageClassName } = asObject(copied['spec']);
  return storageClassName === '' ? 'waits for a volume that somebody makes by hand' : undefined;
}

function ofOriginal(source: CloneSource, { place, object }: ClonedObject): PlannedVolume {
  const { name: claim } = place;
  const reason = obstacle(source, claim, object);
  if (reason !== undefined) return { claim, from: 'nothing', reason };
  const pod = podOf(source, claim);
  return pod !== undefined && isRunning(pod)
    ? { claim, from: 'original', pod: pod.place.name }
    : { claim, from: 'original' };
}

function ofBackup(source: CloneSource, records: readonly VolumeRecord[], claim: string): PlannedVolume {
  const own = records.filter((record) => record.namespace === source.namespace && record.claim === claim);
  const whole = own.find(({ trouble }) => trouble === undefined);
  if (whole !== undefined) return { claim, from: 'backup' };
  return { claim, from: 'nothing', reason: own[0]?.trouble ?? 'is in the backup without its data' };
}

/** `objects`: those of the copy. */
export function planVolumes(
  source: CloneSource,
  objects: readonly ClonedObject[],
  data: CloneData,
): readonly PlannedVolume[] {
  const made = objects.filter(({ place }) => place.groupResource === claims);
  return made.map((item) => {
    if (data.from === 'original') return ofOriginal(source, item);
    if (data.from === 'backup') return ofBackup(source, data.records, item.place.name);
    return { claim: item.place.name, from: 'nothing', reason: 'is to be left empty' };
  });
}

function titleOf(volumes: readonly PlannedVolume[]): string {
  const names = volumes.map(({ claim }) => claim).join(', ');
  return `${volumes.length === 1 ? 'PersistentVolumeClaim' : `${volumes.length} PersistentVolumeClaims:`} ${names}`;
}

function emptyDecision(empty: readonly PlannedVolume[]): Decision[] {
  if (empty.length === 0) return [];
  const reasons = [...new Set(empty.map(({ reason = '' }) => reason))];
  return [
    {
      object: titleOf(empty),
      text: `${reasons.join('; ')}: the app begins with an empty volume`,
      how: 'fill it with a dump, or copy a backup that holds the data: --from-backup',
    },
  ];
}

/** A copy of files that are written at the same time is of no one moment. */
function usedDecision(used: readonly PlannedVolume[]): Decision[] {
  if (used.length === 0) return [];
  const pods = [...new Set(used.map(({ pod = '' }) => pod))].join(', ');
  return [
    {
      object: titleOf(used),
      text: `is copied file by file while ${pods} may write to it: what changes meanwhile comes as it was before or after, and a database may have to recover, or may not be able to`,
      how: 'scale it down first, or copy a backup whose hooks and dumps hold it still: --from-backup',
    },
  ];
}

/** Passwords stand in the data of a database too, where no new value of a Secret reaches them. */
function credentialDecision(filled: readonly PlannedVolume[], secrets: readonly SecretNote[]): Decision[] {
  const changed = [...new Set(secrets.map(({ secret }) => secret))];
  if (filled.length === 0 || changed.length === 0) return [];
  return [
    {
      object: titleOf(filled),
      text: `holds the data as they are, with the credentials that a database keeps in them: it does not know the new values of ${changed.join(', ')}`,
      how: 'change them in the database of the copy too, keep that Secret by a rule, or leave the volumes empty: --no-volumes',
    },
  ];
}

export function volumeDecisions(volumes: readonly PlannedVolume[], secrets: readonly SecretNote[]): Decision[] {
  const filled = volumes.filter(({ from }) => from !== 'nothing');
  return [
    ...emptyDecision(volumes.filter(({ from }) => from === 'nothing')),
    ...usedDecision(filled.filter(({ pod }) => pod !== undefined)),
    ...credentialDecision(filled, secrets),
  ];
}
