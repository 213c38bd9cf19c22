// `backup browse` in a conversation: a backup, a kind, an object, and its YAML; a text is looked for in all of a backup.

import { findBackups } from '../../app/backups/find-backups.ts';
import { renderDocument } from '../../app/exports/render-document.ts';
import { browseBackup, showSavedObjects } from '../../app/backups/saved-objects.ts';
import type { BackupSummary, FoundObject } from '../../backup/index.ts';
import { pushTo } from '../../model/index.ts';
import type { Io } from '../io.ts';
import { pick, type Picked, type Talk } from '../pick.ts';
import { count } from '../reporters/words.ts';

/** Where the conversation goes on. */
type Next = 'back' | 'end';

function nameOf({ kind, namespace, name, matches = [] }: FoundObject): string {
  const where = matches.length === 0 ? '' : `  ${matches.map(({ path }) => path).join(', ')}`;
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}${where}`;
}

function titleOf({ name, phase, started, items }: BackupSummary): string {
  return `${name}  ${phase}${started === '' ? '' : `, ${started.replace('T', ' ').replace('Z', '')}`}, ${count(items, 'object')}`;
}

class Browsing {
  private readonly store: string;
  private readonly io: Io;
  private readonly talk: Talk;

  constructor(store: string, io: Io, talk: Talk) {
    this.store = store;
    this.io = io;
    this.talk = talk;
  }

  async backups(): Promise<void> {
    const all = await findBackups(this.store);
    const items = all.filter(({ phase }) => phase === 'Completed' || phase === 'PartiallyFailed');
    for (;;) {
      const picked = await pick({ title: 'Backups', items, labelOf: titleOf }, this.talk);
      if (!('item' in picked)) {
        if ('next' in picked) return;
        this.talk.tell('  A text is looked for in one backup: choose that first.\n');
        continue;
      }
      if ((await this.kinds(picked.item.name)) === 'end') return;
    }
  }

  async kinds(backup: string): Promise<Next> {
    const objects = await browseBackup({ store: this.store, backup, filter: {} });
    const byKind = new Map<string, FoundObject[]>();
    for (const each of objects) pushTo(byKind, each.groupResource, each);
    const items = [...byKind].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const labelOf = ([resource, of]: (typeof items)[number]): string => `${resource}  ${of.length}`;
    for (;;) {
      const picked = await pick({ title: `${backup}: kinds`, items, labelOf }, this.talk);
      if ('next' in picked) return picked.next;
      const next =
        'item' in picked
          ? await this.objects(backup, picked.item[0], picked.item[1])
          : await this.search(backup, picked.search);
      if (next === 'end') return 'end';
    }
  }

  private async search(backup: string, text: string): Promise<Next> {
    const found = await browseBackup({ store: this.store, backup, filter: {} }, text);
    if (found.length > 0) return this.objects(backup, `"${text}"`, found);
    this.talk.tell(`  Nothing in ${backup} has "${text}"; values of Secrets are not searched.\n`);
    return 'back';
  }

  private async objects(backup: string, title: string, items: readonly FoundObject[]): Promise<Next> {
    for (;;) {
      const picked: Picked<FoundObject> = await pick(
        { title: `${backup}: ${title}`, items, labelOf: nameOf },
        this.talk,
      );
      if ('next' in picked) return picked.next;
      if ('search' in picked) {
        if ((await this.search(backup, picked.search)) === 'end') return 'end';
      } else await this.show(backup, picked.item);
    }
  }

  private async show(backup: string, { groupResource, namespace, name }: FoundObject): Promise<void> {
    const place = namespace === '' ? {} : { namespaces: [namespace] };
    await showSavedObjects(
      { store: this.store, backup, filter: { ...place, kinds: [groupResource], name } },
      async (object) => {
        this.io.out(renderDocument(object));
        await this.io.drained?.();
      },
    );
  }
}

/** `backup`: left out, one is chosen first. */
export async function browseByHand(store: string, backup: string | undefined, io: Io): Promise<number> {
  await io.converse(async (ask) => {
    const talk: Talk = { ask, tell: io.err, style: io.errorStyle, width: io.width };
    const browsing = new Browsing(store, io, talk);
    return backup === undefined ? browsing.backups() : browsing.kinds(backup);
  });
  return 0;
}
