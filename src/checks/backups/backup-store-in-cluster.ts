// Finds backup stores that live in the cluster they should outlive.

import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

const inside = /^https?:\/\/(?:[^/:]+\.svc(?:\.cluster\.local)?|localhost|127\.[0-9.]+)(?=[:/]|$)/;

export const backupStoreInCluster = objectCheck(
  {
    id: 'backup-store-in-cluster',
    family: 'backups',
    title: 'Backups are kept outside of the cluster',
    leg: 'backups',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [],
    remediation: 'Use a store that does not share the fate of the cluster.',
    minutes: 120,
  },
  {
    kinds: ['velero.io/BackupStorageLocation'],
    find: ({ name, raw }) => {
      const url = asString(asObject(asObject(raw['spec'])['config'])['s3Url']);
      if (url === undefined || !inside.test(url)) return undefined;
      return {
        message: `backup store "${name}" is a Service of the cluster itself: when the cluster is lost, so are the backups`,
        path: ['spec', 'config', 's3Url'],
        evidence: 's3Url is an address inside the cluster',
      };
    },
  },
);
