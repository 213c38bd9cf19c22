// One object through all backups of a store: since when it is there, when it changed, and in what.

import { UserError } from '../../model/index.ts';
import type { Archived } from '../archive/write-archive.ts';
import { compareObjects } from '../diff/compare-objects.ts';
import type { FieldChange } from '../diff/field-diff.ts';
import { type BackupSummary, listBackups } from '../inspect/read-backup.ts';
import type { Store } from '../store/store.ts';
import { compileKinds } from './object-filter.ts';
import { keyOfPlace, type ObjectPlace, openSavedObjects, type SavedObject } from './saved-objects.ts';

export interface ObjectWish {
  /** As kubectl takes it: `deploy`, `deployments.apps`, `Deployment`. */
  readonly kind: string;
  readonly name: string;
  /** Left out where the name is only in one namespace, or the object is the cluster's. */
  readonly namespace?: string | undefined;
}

export interface HistoryEntry {
  readonly backup: string;
  /** ISO time. */
  readonly started: string;
  /** `absent` before it was there and after it was gone; `same` as in the backup before. */
  readonly state: 'absent' | 'first' | 'same' | 'changed' | 'recreated';
  /** What is otherwise than in the backup before. */
  readonly fields: readonly FieldChange[];
}

export interface ObjectHistory {
  /** `deployments.apps shop/web`; '' where no backup has it. */
  readonly object: string;
  /** The oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** Backups that could not be looked at, and why. */
  readonly unread: readonly { readonly backup: string; readonly why: string }[];
}

function compileWish({ kind, name, namespace }: ObjectWish): (place: ObjectPlace) => boolean {
  const isOfKind = compileKinds([kind]);
  return (place) =>
    place.name === name && (namespace === undefined || place.namespace === namespace) && isOfKind(place);
}

function ambiguous(wish: ObjectWish, one: ObjectPlace, other: ObjectPlace): UserError {
  const advice = 'Name the namespace with -n, or the kind in full: deployments.apps.';
  return new UserError(
    'invalid-option',
    `${wish.kind} ${wish.name} may be ${keyOfPlace(one)} or ${keyOfPlace(other)}`,
    advice,
  );
}

class Following {
  readonly entries: HistoryEntry[] = [];
  readonly unread: { backup: string; why: string }[] = [];
  key = '';
  private last: SavedObject | undefined;
  private readonly store: Store;
  private readonly wish: ObjectWish;

  constructor(store: Store, wish: ObjectWish) {
    this.store = store;
    this.wish = wish;
  }

  async visit(backup: BackupSummary): Promise<void> {
    const { name, started } = backup;
    try {
      const found = await this.find(backup);
      if (found !== undefined) this.key = keyOfPlace(found);
      this.entries.push({ backup: name, started, ...this.judge(found) });
      this.last = found === undefined || 'object' in found ? found : this.last;
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'invalid-backup') throw error;
      this.unread.push({ backup: name, why: error.message });
    }
  }

  /** Without its object where the manifest says that it is the same as before. */
  private async find({ name, madeBy }: BackupSummary): Promise<Archived | SavedObject | undefined> {
    const saved = await openSavedObjects(this.store, name);
    const takes = compileWish(this.wish);
    if (madeBy === 'velero') return this.only(saved.read(takes));
    const [one, other] = (await saved.list()).filter(takes);
    if (one !== undefined && other !== undefined) throw ambiguous(this.wish, one, other);
    if (one === undefined || one.sha256 === this.last?.sha256) return one;
    return this.only(saved.read((place) => keyOfPlace(place) === keyOfPlace(one)));
  }

  private async only(found: AsyncIterable<SavedObject>): Promise<SavedObject | undefined> {
    let first: SavedObject | undefined;
    for await (const each of found) {
      if (first !== undefined) throw ambiguous(this.wish, first, each);
      first = each;
    }
    return first;
  }

  private judge(found: Archived | SavedObject | undefined): Pick<HistoryEntry, 'state' | 'fields'> {
    if (found === undefined) return { state: 'absent', fields: [] };
    if (!('object' in found)) return { state: 'same', fields: [] };
    if (this.last === undefined) return { state: 'first', fields: [] };
    const { fields, recreated } = compareObjects(this.last.object, found.object, false);
    if (recreated) return { state: 'recreated', fields };
    return { state: fields.length === 0 ? 'same' : 'changed', fields };
  }
}

/** Throws `UserError` where several objects are meant, or the store cannot be read. A damaged backup is told of and passed over. */
export async function readHistory(store: Store, wish: ObjectWish): Promise<ObjectHistory> {
  const following = new Following(store, wish);
  const key = ({ started, name }: BackupSummary): string => `${started} ${name}`;
  for (const backup of (await listBackups(store)).toSorted((a, b) => (key(a) < key(b) ? -1 : 1)))
    if (backup.phase === 'Completed' || backup.phase === 'PartiallyFailed') await following.visit(backup);
  const { key: object, entries, unread } = following;
  return { object, entries, unread };
}
