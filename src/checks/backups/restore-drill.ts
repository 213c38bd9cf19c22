// A restore has been rehearsed: a drill has left its mark in the backup store, or nothing is known.

import { appCheck } from '../check.ts';
import { commandOf, daysSince, lackingData, savedBackups } from './saved-backups.ts';

/** Days that a drill is believed, as its proof is. */
const believed = 30;

export const restoreDrill = appCheck(
  {
    id: 'restore-drill',
    family: 'backups',
    title: 'A restore has been rehearsed',
    leg: 'backups',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Restore into a scratch namespace and compare the content.',
    minutes: 60,
    settledBy: 'a restore drill',
  },
  {
    find: ({ inventory, options: { today } }) => {
      const drilled = savedBackups(inventory).filter(({ proven }) => proven !== undefined);
      const isWhole = drilled.filter((each) => lackingData(each, inventory).length === 0);
      if (isWhole.some(({ proven = '' }) => daysSince(proven, today) <= believed)) return undefined;
      const [last] = isWhole.map(({ proven = '' }) => proven).toSorted((a, b) => b.localeCompare(a));
      const message =
        last === undefined
          ? 'whether a backup can be restored is not known until it was tried'
          : `whether a backup can be restored is not known any more: the last drill was on ${last}`;
      const [newest] = savedBackups(inventory).filter((each) => lackingData(each, inventory).length === 0);
      const command = commandOf(inventory, ['drill', '--from-backup', newest?.backup ?? 'BACKUP'], []);
      return { verdict: 'unknown', message, evidence: 'would be settled by a restore drill', command };
    },
  },
);
