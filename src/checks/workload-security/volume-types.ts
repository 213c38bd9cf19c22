// Finds volumes of types that name a storage system in the pod.

import { asArray, asObject, type Diagnostic, toText } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';

/** The types that the restricted level of the Pod Security Standards admits, and those with checks of their own. */
const accepted: ReadonlySet<string> = new Set(
  'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret hostPath gitRepo'.split(
    ' ',
  ),
);

export const volumeTypes = workloadCheck(
  compromiseMeta({
    id: 'volume-types',
    title: 'Pods use storage through claims',
    severity: 'medium',
    references: [{ framework: 'PSS', id: 'restricted' }],
    remediation: 'Claim the storage with a PersistentVolumeClaim, so that the pod does not name its address.',
    minutes: 30,
  }),
  {
    find: ({ spec, specPath }) =>
      asArray(spec['volumes']).flatMap((item, index): Diagnostic[] => {
        const volume = asObject(item);
        const type = Object.keys(volume).find((key) => key !== 'name' && (volume[key] ?? undefined) !== undefined);
        if (type === undefined || accepted.has(type)) return [];
        return [
          {
            message: `volume "${toText(volume['name'])}" is of type "${type}": whoever writes pods reaches that storage, without anybody granting it`,
            path: [...specPath, 'volumes', index, type],
            evidence: `volumes[${index}] has ${type}`,
          },
        ];
      }),
  },
);
