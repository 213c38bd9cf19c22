// Finds backup stores that are reached without verified TLS.

import { wordAfter, wordsOfRun, wordsPath } from '../../kube/backup-schedule.ts';
import { asObject, asString, type Diagnostic, type JsonObject, valueAt } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';
import { isOwnSchedule } from './backup-tools.ts';

function findOwn(name: string, raw: JsonObject): Diagnostic | undefined {
  if (!/[?&]endpoint=http:/.test(wordAfter(wordsOfRun(raw), '--store'))) return undefined;
  return {
    message: `backups of schedule "${name}" go to their store in plain text: all Secrets of the app can be read on the way`,
    path: [...wordsPath],
    evidence: 'the endpoint of --store begins with http:',
  };
}

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
    kinds: ['velero.io/BackupStorageLocation', 'batch/CronJob'],
    applies: (object) => object.kind !== 'CronJob' || isOwnSchedule(object),
    find: ({ kind, name, raw }) => {
      if (kind === 'CronJob') return findOwn(name, raw);
      const config = asObject(asObject(raw['spec'])['config']);
      const plain = (asString(config['s3Url']) ?? '').startsWith('http://');
      if (!plain && config['insecureSkipTLSVerify'] !== 'true') return undefined;
      return {
        message: `backups go to store "${name}" ${plain ? 'in plain text' : 'without a look at its certificate'}: all Secrets of the app can be read on the way`,
        path: ['spec', 'config', plain ? 's3Url' : 'insecureSkipTLSVerify'],
        evidence: plain ? 's3Url begins with http:' : 'insecureSkipTLSVerify is "true"',
      };
    },
    fix: ({ kind, raw }, { path = [] }) => {
      if (kind === 'CronJob') return undefined;
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
