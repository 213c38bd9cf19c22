// Finds objects with data that are labelled to be left out of backups.

import { scheduleMark } from '../../kube/backup-schedule.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, removeWhole, way } from '../fix.ts';

function labelOf({ metadata }: JsonObject, label: string): string | undefined {
  return asString(asObject(asObject(metadata)['labels'])[label]);
}

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
      if (labelOf(raw, 'velero.io/exclude-from-backup') !== 'true') return undefined;
      // What opens the store does not belong into it.
      if (labelOf(raw, scheduleMark) !== undefined) return undefined;
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
