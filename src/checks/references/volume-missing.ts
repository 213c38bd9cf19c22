// Finds mounts of volumes that the pod does not declare: the API server refuses them.

import type { Workload } from '../../inventory/index.ts';
import { asArray, asObject, asString, valueAt } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { nearName } from '../near-name.ts';

function declaredVolumes({ spec, object }: Workload): Set<string> {
  const volumes = asArray(spec['volumes']).flatMap((volume) => asString(asObject(volume)['name']) ?? []);
  const claims = asArray(valueAt(object.raw, ['spec', 'volumeClaimTemplates']));
  return new Set([
    ...volumes,
    ...claims.flatMap((claim) => asString(asObject(asObject(claim)['metadata'])['name']) ?? []),
  ]);
}

export const volumeMissing = workloadCheck(
  {
    id: 'volume-missing',
    family: 'references',
    title: 'Mounted volumes are declared',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'critical',
    references: [],
    remediation: 'Declare the volume in the pod, or correct its name.',
    minutes: 5,
  },
  {
    find: (workload) => {
      const declared = declaredVolumes(workload);
      return workload.containers.flatMap(({ name, raw, path }) =>
        asArray(raw['volumeMounts']).flatMap((mount, index) => {
          const volume = asString(asObject(mount)['name']) ?? '';
          if (declared.has(volume)) return [];
          return {
            message: `container "${name}" mounts volume "${volume}", which the pod does not have: the API server refuses it`,
            path: [...path, 'volumeMounts', index, 'name'],
            evidence: `declared: ${[...declared].join(', ') || 'none'}`,
            container: name,
          };
        }),
      );
    },
    fix: (workload, { path = [] }) => {
      const name = asString(valueAt(workload.object.raw, path)) ?? '';
      const value = nearName(name, declaredVolumes(workload));
      return value === undefined ? undefined : [{ op: 'set', path, value }];
    },
  },
);
