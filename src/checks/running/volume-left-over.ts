// Finds volumes that nobody uses any more, or that could not be given back.

import { asObject, asString, toText } from '../../model/index.ts';
import { asClause, liveCheck, specOf, statusOf } from './live-check.ts';

export const volumeLeftOver = liveCheck(
  {
    id: 'volume-left-over',
    family: 'running',
    title: 'Volumes are in use or gone',
    leg: 'backups',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'low',
    references: [],
    remediation: 'Save what is worth keeping, then delete the volume and the disk behind it.',
    minutes: 20,
  },
  {
    kinds: ['/PersistentVolume'],
    find: (volume) => {
      const { phase, message } = statusOf(volume);
      const { claimRef, capacity } = specOf(volume);
      const { namespace, name } = asObject(claimRef);
      const claim = `${asString(namespace) ?? ''}/${asString(name) ?? ''}`;
      const size = toText(asObject(capacity)['storage']);
      if (phase === 'Failed')
        return {
          severity: 'medium',
          message: `volume "${volume.name}" of the deleted claim "${claim}" could not be given back: its disk goes on to exist`,
          path: ['status', 'phase'],
          evidence: `phase Failed, ${asClause(asString(message) ?? '') || 'no message'}`,
        };
      if (phase !== 'Released') return undefined;
      return {
        message: `volume "${volume.name}" keeps the data of the deleted claim "${claim}": nobody uses it, and no backup of the app holds it`,
        path: ['status', 'phase'],
        evidence: `phase Released, ${size}, ${asString(specOf(volume)['persistentVolumeReclaimPolicy']) ?? 'Retain'}`,
      };
    },
  },
);
