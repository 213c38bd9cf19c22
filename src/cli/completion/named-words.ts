// Which words of the command line are names that a store, a cluster or a kubeconfig knows: one table for all shells.

/** What the names are names of. `saved-schedule`: of schedules that have made backups; `saved-namespace`: of a backup. */
export type NameKind =
  | 'backup'
  | 'restore'
  | 'schedule'
  | 'saved-schedule'
  | 'clone'
  | 'context'
  | 'namespace'
  | 'saved-namespace';

const oneBackup = ['browse', 'copy', 'delete', 'describe', 'download', 'export', 'logs', 'verify'];
const oneRestore = ['delete', 'describe', 'get', 'logs'];
const oneSchedule = ['delete', 'describe', 'pause', 'run', 'unpause'];

/** Of the words behind a command, in order. Where the command takes any number, the last stands for all that follow. */
export const namedWords: Readonly<Record<string, readonly NameKind[]>> = {
  ...Object.fromEntries(oneBackup.map((word) => [`backup ${word}`, ['backup']])),
  'backup diff': ['backup', 'backup'],
  ...Object.fromEntries(oneRestore.map((word) => [`restore ${word}`, ['restore']])),
  ...Object.fromEntries(oneSchedule.map((word) => [`schedule ${word}`, ['schedule']])),
  clone: ['namespace'],
  'clone delete': ['clone'],
  migrate: ['namespace'],
};

/** Values of options, of every command that has them. */
export const namedOptions: Readonly<Record<string, NameKind>> = {
  '--context': 'context',
  '--to-context': 'context',
  '--from-backup': 'backup',
  '--from-schedule': 'saved-schedule',
  '--of': 'saved-schedule',
  '--namespace': 'namespace',
  '--include-namespaces': 'namespace',
  '--exclude-namespaces': 'namespace',
};

/** Options that mean something else elsewhere. */
export const ownOptions: Readonly<Record<string, NameKind>> = {
  'backup create --schedule': 'saved-schedule',
  'backup prune --schedule': 'saved-schedule',
};
