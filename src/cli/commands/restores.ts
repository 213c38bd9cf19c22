// `restore get`, `describe`, `logs`, `delete`: restores that were made, as a store tells of them.

import { renderDocument } from '../../app/exports/render-document.ts';
import { findRestores, removeRestore, showRestore, showRestoreLog } from '../../app/restores/saved-restores.ts';
import { UserError } from '../../model/index.ts';
import { parseWidth } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderDescribedRestore, renderRestores } from '../reporters/restores.ts';
import { count } from '../reporters/words.ts';
import { saysYes } from '../says-yes.ts';
import { requireStore } from '../store-flags.ts';
import { visible } from '../style.ts';

export interface RestoresFlags {
  readonly store?: string;
  readonly output: 'text' | 'wide' | 'json' | 'yaml' | 'name';
  readonly width?: string;
  readonly yes?: boolean;
}

function lookOf({ width }: RestoresFlags, io: Io) {
  return { style: io.style, width: parseWidth(width, io.width), program: io.program };
}

/** For programs; `undefined` where a person reads it. */
function documentOf({ output }: RestoresFlags, value: object): string | undefined {
  if (output === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  return output === 'yaml' ? renderDocument(JSON.parse(JSON.stringify(value))) : undefined;
}

export async function runGetRestores(names: readonly string[], flags: RestoresFlags, io: Io): Promise<number> {
  const place = requireStore(flags, io);
  const restores = await withProgress(io, false, () => findRestores(place, names));
  const text =
    flags.output === 'name'
      ? restores.map(({ name }) => `${visible(name)}\n`).join('')
      : (documentOf(flags, { schema: 'nowwhat.dev/restores/v1', restores }) ??
        renderRestores(restores, { place, isWide: flags.output === 'wide' }, lookOf(flags, io)));
  io.out(text);
  return 0;
}

export async function runDescribeRestore(name: string, flags: RestoresFlags, io: Io): Promise<number> {
  const described = await showRestore(requireStore(flags, io), name);
  io.out(
    documentOf(flags, { schema: 'nowwhat.dev/restore-summary/v1', ...described }) ??
      renderDescribedRestore(described, lookOf(flags, io)),
  );
  return 0;
}

export async function runRestoreLogs(name: string, flags: RestoresFlags, io: Io): Promise<number> {
  const log = await showRestoreLog(requireStore(flags, io), name);
  io.out(log.split('\n').map(visible).join('\n'));
  return 0;
}

export async function runDeleteRestore(name: string, flags: RestoresFlags, io: Io): Promise<number> {
  const place = requireStore(flags, io);
  const question = `Delete what ${visible(place)} tells of the restore ${visible(name)}? What it restored stays in the cluster. [y/N] `;
  const keys = await removeRestore(place, name, async () => {
    if (flags.yes === true || (await saysYes(io, question))) return;
    throw new UserError('not-agreed', 'nothing was deleted', 'Agree with --yes where nobody can be asked.');
  });
  io.out(
    documentOf(flags, { schema: 'nowwhat.dev/deleted-restore/v1', name, keys }) ??
      `  deleted ${visible(name)}: ${count(keys, 'key')}; what it restored stays in the cluster\n`,
  );
  return 0;
}
