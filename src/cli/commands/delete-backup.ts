// `backup delete`: asks, deletes what a storage system holds for a backup, and then the backup.

import { type DeleteAnswer, type Going, removeBackup, type StayingData } from '../../app/backups/delete-backup.ts';
import { UserError } from '../../model/index.ts';
import { type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { quietly, withProgress } from '../progress.ts';
import { count } from '../reporters/words.ts';
import { saysYes } from '../says-yes.ts';
import { requireStore } from '../store-flags.ts';
import { visible } from '../style.ts';
import type { StoreFlags } from './backup.ts';

export interface DeleteFlags extends StoreFlags, SourceFlags {
  readonly output: 'text' | 'json';
  readonly keepSnapshots?: boolean;
}

function stayingWords(staying: readonly StayingData[]): string[] {
  return staying.map(({ repository, volumes }) =>
    visible(
      `the data of ${count(volumes, 'volume')} stay in ${repository}: only Velero removes them, where it deletes the backup`,
    ),
  );
}

function questionOf(name: string, place: string, { snapshots, leftovers, staying }: Going): string {
  const held = snapshots.length === 0 ? [] : [`its ${count(snapshots.length, 'snapshot')} in the storage system`];
  const left = leftovers.length === 0 ? [] : [`what its writer left in the cluster (${leftovers.join(', ')})`];
  const what = [...held, ...left].map((each) => ` and ${visible(each)}`).join('');
  const note = stayingWords(staying).map((each) => `  ${each}\n`);
  return `${note.join('')}Delete the backup ${visible(name)} in ${visible(place)}${what}? It cannot be brought back. [y/N] `;
}

function render({ name, keys, snapshots, leftovers, staying }: DeleteAnswer): string {
  const ended = snapshots.filter(({ result }) => result === 'deleted').length;
  const left = snapshots.filter(({ result }) => result === 'left');
  const and = ended === 0 ? '' : ` and ${count(ended, 'snapshot')}`;
  return [
    `  deleted ${visible(name)}: ${keys} keys${and}`,
    ...leftovers.map((each) => visible(`  removed from the cluster: ${each}, which its writer had left`)),
    ...left.map(({ handle, driver, claim }) => visible(`  left in ${driver}: ${handle}, of claim ${claim}`)),
    ...stayingWords(staying).map((each) => `  ${each}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

export async function runDelete(name: string, flags: DeleteFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const store = requireStore(flags, io);
  const cluster = flags.context === undefined ? undefined : toClusterOnlyWish(flags);
  const answer = await withProgress(io, false, (progress) =>
    removeBackup(
      { store, name, cluster, keepsSnapshots: flags.keepSnapshots === true },
      { stdin, environment, today, progress },
      quietly(progress, async (going) => {
        if (flags.yes === true || (await saysYes(io, questionOf(name, store, going)))) return;
        throw new UserError('not-agreed', 'nothing was deleted', 'Agree with --yes where nobody can be asked.');
      }),
    ),
  );
  io.out(
    flags.output === 'json'
      ? `${JSON.stringify({ schema: 'nowwhat.dev/deleted/v1', ...answer }, null, 2)}\n`
      : render(answer),
  );
  return 0;
}
