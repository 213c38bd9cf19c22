// Finds backup stores that are reached without verified TLS.

import { asObject, asString, valueAt } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

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
    fix: ({ raw }, { path = [] }) => {
      if (path.at(-1) !== 's3Url')
        return offer(
          way(
            {
              id: 'check-certificate',
              title: 'Look at the certificate of the store',
              consequence:
                'a certificate of an authority of your own is refused until it stands in objectStorage.caCert',
            },
            [{ op: 'remove', path }],
          ),
        );
      const url = asString(valueAt(raw, path)) ?? '';
      return offer(
        way(
          {
            id: 'https',
            title: 'Use https',
            consequence: 'backups fail where the store does not speak TLS at this address',
          },
          [{ op: 'set', path, value: url.replace(/^http:/, 'https:') }],
        ),
      );
    },
  },
);
