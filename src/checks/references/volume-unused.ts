// Finds volumes that no container mounts.

import { asArray, asObject, asString, valueAt } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';

export const volumeUnused = workloadCheck(
  {
    id: 'volume-unused',
    family: 'references',
    title: 'Declared volumes are mounted',
    leg: 'deployment',
    level: 2,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Mount the volume or remove it.',
    minutes: 2,
  },
  {
    applies: ({ spec }) => asArray(spec['volumes']).length > 0,
    find: ({ spec, specPath, containers, object }) => {
      const used = new Set(
        containers.flatMap(({ raw }) =>
          [...asArray(raw['volumeMounts']), ...asArray(raw['volumeDevices'])].map((mount) =>
            asString(asObject(mount)['name']),
          ),
        ),
      );
      return asArray(spec['volumes']).flatMap((volume, index) => {
        const name = asString(asObject(volume)['name']);
        if (name === undefined || used.has(name)) return [];
        return {
          message: `"${object.name}" declares volume "${name}" and no container mounts it: what was meant to be kept there is not`,
          path: [...specPath, 'volumes', index],
          evidence: 'no volumeMounts or volumeDevices entry has this name',
        };
      });
    },
    fix: ({ object, spec, specPath }, { path = [] }) => {
      const volume = asObject(valueAt(object.raw, path));
      // A claim or a folder of the node was meant to keep something: the mount is what is missing.
      if (volume['persistentVolumeClaim'] !== undefined || volume['hostPath'] !== undefined) return undefined;
      const isOnly = asArray(spec['volumes']).length === 1;
      return [{ op: 'remove', path: isOnly ? [...specPath, 'volumes'] : path }];
    },
  },
);
