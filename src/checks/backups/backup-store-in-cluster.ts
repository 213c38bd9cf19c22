// Finds backup stores that live in the cluster they should outlive.

import { wordAfter, wordsOfRun, wordsPath } from '../../kube/backup-schedule.ts';
import { asObject, asString, type KubeObject, type Path } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { isOwnSchedule } from './backup-tools.ts';

const inside = /^https?:\/\/(?:[^/:]+\.svc(?:\.cluster\.local)?|localhost|127\.[0-9.]+)(?=[:/]|$)/;

interface StoreAddress {
  readonly url: string | undefined;
  readonly path: Path;
  readonly field: 's3Url' | 'the endpoint of --store';
}

function storeOf(object: KubeObject): StoreAddress {
  if (object.kind !== 'CronJob') {
    const { s3Url } = asObject(asObject(object.raw['spec'])['config']);
    return { url: asString(s3Url), path: ['spec', 'config', 's3Url'], field: 's3Url' };
  }
  const endpoint = /[?&]endpoint=([^&]+)/.exec(wordAfter(wordsOfRun(object.raw), '--store'))?.[1];
  return { url: endpoint, path: [...wordsPath], field: 'the endpoint of --store' };
}

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
    kinds: ['velero.io/BackupStorageLocation', 'batch/CronJob'],
    applies: (object) => object.kind !== 'CronJob' || isOwnSchedule(object),
    find: (object) => {
      const { url, path, field } = storeOf(object);
      if (url === undefined || !inside.test(url)) return undefined;
      return {
        message: `backup store ${field === 's3Url' ? '' : 'of '}"${object.name}" is a Service of the cluster itself: when the cluster is lost, so are the backups`,
        path,
        evidence: `${field} is an address inside the cluster`,
      };
    },
  },
);
