// `backup browse`, `backup history`, `backup diff`: what the user wrote, carried out and shown.

import { findBackups } from '../../app/backups/find-backups.ts';
import {
  type BrowseWish,
  browseBackup,
  compareBackup,
  type DiffWish,
  followObject,
  showSavedObjects,
} from '../../app/backups/saved-objects.ts';
import { renderDocument } from '../../app/exports/render-document.ts';
import type { ObjectFilter } from '../../backup/index.ts';
import { renderJson, UserError } from '../../model/index.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderBackups } from '../reporters/backup.ts';
import { renderDiff, renderFound, renderHistory } from '../reporters/saved-objects.ts';
import { requireStore, toLabelSelector } from '../store-flags.ts';
import { writeOutput } from '../write-output.ts';

interface FilterFlags {
  readonly kind?: readonly string[];
  readonly name?: string;
  readonly selector?: string;
}

interface LookFlags {
  readonly store?: string;
  readonly width?: string;
}

export interface BrowseFlags extends FilterFlags, LookFlags {
  readonly namespace?: readonly string[];
  readonly search?: string;
  readonly interactive?: boolean;
  readonly output: 'text' | 'json' | 'yaml';
}

export interface HistoryFlags extends LookFlags {
  readonly namespace?: string;
  readonly output: 'text' | 'json';
}

export interface DiffFlags extends FilterFlags, Omit<SourceFlags, 'set'> {
  readonly store?: string;
  readonly status?: boolean;
  readonly all?: boolean;
  readonly output: 'text' | 'json';
}

function json(value: unknown): string {
  return `${renderJson(value, 2)}\n`;
}

function lookOf(flags: { readonly width?: string | undefined }, io: Io) {
  return { style: io.style, width: parseWidth(flags.width, io.width), program: io.program };
}

function toFilter({ kind = [], name, selector }: FilterFlags, namespaces: readonly string[]): ObjectFilter {
  return { namespaces, kinds: kind, name, ...(selector === undefined ? {} : { labels: toLabelSelector(selector) }) };
}

/** `deploy/web`: one kind, one name. */
function withObject(flags: BrowseFlags, object: string | undefined): BrowseFlags {
  if (object === undefined) return flags;
  const at = object.indexOf('/');
  if (at < 1 || at === object.length - 1)
    throw new UserError(
      'invalid-option',
      `"${object}" is no object`,
      'Write KIND/NAME, such as deploy/web; --kind deploy lists all of a kind.',
    );
  const output = flags.output === 'text' ? 'yaml' : flags.output;
  return { ...flags, kind: [object.slice(0, at)], name: object.slice(at + 1), output };
}

async function printObjects(wish: BrowseWish, io: Io): Promise<number> {
  let first = true;
  const shown = await showSavedObjects(wish, async (object) => {
    io.out(`${first ? '' : '---\n'}${renderDocument(object)}`);
    first = false;
    await io.drained?.();
  });
  if (shown > 0) return 0;
  throw new UserError(
    'nothing-to-read',
    `the backup "${wish.backup}" has no such object`,
    `See what it has: ${io.program} backup browse ${wish.backup}.`,
  );
}

/** Without a name somebody at the terminal chooses; a pipe gets the list of backups. */
async function chooseOrList(backup: string | undefined, flags: BrowseFlags, io: Io): Promise<number> {
  const place = requireStore(flags, io);
  if (flags.interactive === true || io.ask !== undefined) {
    const { browseByHand } = await import('./browse-by-hand.ts');
    return browseByHand(place, backup, io);
  }
  io.out(renderBackups(await findBackups(place), place, lookOf(flags, io)));
  return 0;
}

/** Exit status 1 where nothing was found. */
export async function runBrowse(
  backup: string | undefined,
  object: string | undefined,
  given: BrowseFlags,
  io: Io,
): Promise<number> {
  if (backup === undefined || (given.interactive === true && object === undefined))
    return chooseOrList(backup, given, io);
  const flags = withObject(given, object);
  const wish = { store: requireStore(flags, io), backup, filter: toFilter(flags, flags.namespace ?? []) };
  if (flags.output === 'yaml') return printObjects(wish, io);
  const objects = await withProgress(io, false, (say) => {
    say(`reading ${backup}`);
    return browseBackup(wish, flags.search);
  });
  const isJson = flags.output === 'json';
  io.out(
    isJson
      ? json({ schema: 'nowwhat.dev/saved-objects/v1', backup, objects })
      : renderFound(objects, lookOf(flags, io)),
  );
  return objects.length > 0 ? 0 : 1;
}

/** Exit status 1 where no backup has it, or one could not be looked at. */
export async function runHistory(kind: string, name: string, flags: HistoryFlags, io: Io): Promise<number> {
  const place = requireStore(flags, io);
  const history = await withProgress(io, false, (say) => {
    say(`reading the backups of ${place}`);
    return followObject(place, { kind, name, namespace: flags.namespace });
  });
  io.out(
    flags.output === 'json'
      ? json({ schema: 'nowwhat.dev/object-history/v1', ...history })
      : renderHistory(history, lookOf(flags, io)),
  );
  return history.object === '' || history.unread.length > 0 ? 1 : 0;
}

function toDiffWish(before: string, after: string, flags: DiffFlags, io: Io): DiffWish {
  const { status = false, all = false, namespace = '' } = flags;
  const namespaces = namespace.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
  if (after !== 'live' && flags.context !== undefined)
    throw new UserError(
      'invalid-option',
      `"${after}" is a backup, and a cluster was named`,
      'For the cluster, say "live".',
    );
  return {
    store: requireStore(flags, io),
    before,
    after: after === 'live' ? { cluster: toClusterOnlyWish(flags) } : { backup: after },
    filter: toFilter(flags, namespaces),
    keepStatus: status,
    all,
  };
}

/** Exit status 1 where they differ, or a part of the cluster could not be seen. */
export async function runDiff(before: string, after: string, flags: DiffFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const wish = toDiffWish(before, after, flags, io);
  const answer = await withProgress(io, flags.quiet ?? false, (progress) => {
    progress(`comparing ${before} with ${after}`);
    return compareBackup(wish, { stdin, environment, today, progress });
  });
  const text = flags.output === 'json' ? json(answer) : renderDiff(answer, lookOf(flags, io));
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return answer.differences.length + answer.problems.length === 0 ? 0 : 1;
}
