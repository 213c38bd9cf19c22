// Finds data on host paths, which backup tools do not save; schedules of nowwhat do.

import type { Inventory } from '../../inventory/index.ts';
import { asArray, asObject, asString } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { ownSchedules, savesData } from './backup-tools.ts';

/** Paths that agents mount to look at the node: nothing of the app is kept there. */
const nodePaths = /^\/(?:proc|sys|dev|run|var\/(?:run|log|lib\/(?:docker|containerd|kubelet|containers))|etc)(?:\/|$)/;

/** Directories of the node are saved as the files of any volume are. */
function hasOwnFiles(inventory: Inventory): boolean {
  return ownSchedules(inventory).some((each) => savesData(each, inventory));
}

export const hostPathNotCaptured = workloadCheck(
  {
    id: 'host-path-not-captured',
    family: 'backups',
    title: 'Volumes can be captured by backup tools',
    leg: 'backups',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Keep the data on a PersistentVolumeClaim.',
    minutes: 60,
  },
  {
    applies: ({ spec }, { inventory }) =>
      asArray(spec['volumes']).some((volume) => asObject(volume)['hostPath'] !== undefined) &&
      !inventory.derive(hasOwnFiles),
    find: ({ object, spec, specPath }) =>
      asArray(spec['volumes']).flatMap((volume, index) => {
        const path = asString(asObject(asObject(volume)['hostPath'])['path']);
        if (path === undefined || path === '/' || nodePaths.test(path)) return [];
        return {
          message: `data of "${object.name}" in ${path} on the node is in no backup`,
          path: [...specPath, 'volumes', index, 'hostPath'],
          evidence: 'Velero and its like refuse hostPath volumes',
        };
      }),
  },
);
