// Finds backup stores that are reached without verified TLS.

import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

export const backupStoreInsecure = objectCheck(
  {
    id: 'backup-store-insecure',
    family: 'backups',
    title: 'Backups travel encrypted',
    leg: 'backups',
    level: 2,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [],
    remediation: 'Use https and trust the certificate authority with caCert.',
    minutes: 15,
  },
  {
    kinds: ['velero.io/BackupStorageLocation'],
    find: ({ name, raw }) => {
      const config = asObject(asObject(raw['spec'])['config']);
      const plain = (asString(config['s3Url']) ?? '').startsWith('http://');
      if (!plain && config['insecureSkipTLSVerify'] !== 'true') return undefined;
      return {
        message: `backups go to store "${name}" ${plain ? 'in plain text' : 'without a look at its certificate'}: all Secrets of the app can be read on the way`,
        path: ['spec', 'config', plain ? 's3Url' : 'insecureSkipTLSVerify'],
        evidence: plain ? 's3Url begins with http:' : 'insecureSkipTLSVerify is "true"',
      };
    },
  },
);
