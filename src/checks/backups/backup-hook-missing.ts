// Finds databases on volumes without backup hooks, in apps whose volumes Velero saves.

import { asArray, asString } from '../../model/index.ts';
import { containerCheck } from '../check.ts';

const databases =
  /(?:^|\/)(?:postgres|postgresql|postgis|timescaledb|mysql|mysql-server|mariadb|mongo|mongodb|percona|cassandra|elasticsearch|influxdb|neo4j)(?::|@|$)/;

export const backupHookMissing = containerCheck(
  {
    id: 'backup-hook-missing',
    family: 'backups',
    title: 'Databases are quiet while their volume is saved',
    leg: 'backups',
    level: 2,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Add pre and post backup hooks that freeze or dump the database.',
    minutes: 60,
  },
  {
    applies: ({ role, raw }, { object }, { inventory }) =>
      role === 'container' &&
      object.group !== 'batch' &&
      databases.test(asString(raw['image']) ?? '') &&
      asArray(raw['volumeMounts']).length > 0 &&
      inventory.ofKind('velero.io/Schedule').length > 0,
    find: ({ name }, { annotations, templatePath }) => {
      if (Object.keys(annotations).some((key) => key === 'pre.hook.backup.velero.io/command')) return undefined;
      return {
        message: `the files of database "${name}" are saved while it writes: a restore may find them torn`,
        path: [...templatePath, 'metadata', 'annotations'],
        evidence: 'no pre.hook.backup.velero.io/command annotation on the pods',
      };
    },
  },
);
