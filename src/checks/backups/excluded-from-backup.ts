// Finds objects with data that are labelled to be left out of backups.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, removeWhole, way } from '../fix.ts';

export const excludedFromBackup = objectCheck(
  {
    id: 'excluded-from-backup',
    family: 'backups',
    title: 'Data is not excluded from backups',
    leg: 'backups',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Remove the label from objects that hold data.',
    minutes: 2,
  },
  {
    kinds: ['/PersistentVolumeClaim', '/PersistentVolume', 'apps/StatefulSet', '/Secret', '/ConfigMap', '/Namespace'],
    find: ({ kind, name, raw }) => {
      if (asObject(asObject(raw['metadata'])['labels'])['velero.io/exclude-from-backup'] !== 'true') return undefined;
      return {
        message: `${kind} "${name}" is left out of every backup`,
        path: ['metadata', 'labels', 'velero.io/exclude-from-backup'],
        evidence: 'label velero.io/exclude-from-backup is "true"',
      };
    },
    fix: ({ raw }, { path = [] }) =>
      offer(
        way({ id: 'include', title: 'Take it into backups', consequence: 'backups grow by what it holds' }, [
          removeWhole(raw, path, ['metadata']),
        ]),
      ),
  },
);
