// Finds database containers whose data does not survive the pod.

import type { Workload } from '../../inventory/index.ts';
import { asArray, asObject, asString, valueAt } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { imageName, isDatabase } from '../data-stores.ts';

/** Names of volumes that outlive the pod: claims, templates of claims, host paths, network file systems. */
function keptVolumes({ spec, object }: Workload): Set<string> {
  const lost = new Set(['name', 'emptyDir', 'configMap', 'secret', 'projected', 'downwardAPI', 'image', 'ephemeral']);
  const kept = asArray(spec['volumes'])
    .map(asObject)
    .filter((volume) => Object.keys(volume).some((key) => !lost.has(key)));
  const templates = asArray(valueAt(object.raw, ['spec', 'volumeClaimTemplates'])).map((item) =>
    asObject(asObject(item)['metadata']),
  );
  return new Set([...kept, ...templates].flatMap(({ name }) => asString(name) ?? []));
}

export const databaseWithoutVolume = containerCheck(
  {
    id: 'database-without-volume',
    family: 'storage',
    title: 'Databases keep their data on a volume',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'critical',
    references: [],
    remediation: 'Mount a PersistentVolumeClaim at the data directory.',
    minutes: 20,
  },
  {
    applies: (container, workload) => workload.object.group !== 'batch' && isDatabase(container),
    find: (container, workload) => {
      const kept = keptVolumes(workload);
      const mounts = asArray(container.raw['volumeMounts']).map((mount) => asString(asObject(mount)['name']) ?? '');
      if (mounts.some((name) => kept.has(name))) return undefined;
      return {
        message: `database container "${container.name}" keeps its data in the pod: a restart on another node loses all of it`,
        path: [...container.path, 'volumeMounts'],
        evidence: `image ${imageName(container)}; no mounted volume outlives the pod`,
      };
    },
  },
);
