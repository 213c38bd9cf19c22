// A cluster as the other side of a diff: what a backup would take of it now, object by object, by the same selection.

import { sha256Of } from '../layout/sha256.ts';
import { type ApiClient, discover } from '../../api/index.ts';
import { asString, type JsonObject } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { renderGoJson } from '../archive/go-json.ts';
import type { Archived } from '../archive/write-archive.ts';
import type { ObjectPlace, SavedObjects } from '../browse/saved-objects.ts';
import { resolveNames } from '../collect/choose-resources.ts';
import { collectObjects } from '../collect/collect-objects.ts';
import type { CollectProblem } from '../collect/gap.ts';
import { compileSelection, type Selection, selectionOfBackup } from '../collect/selection.ts';
import type { VisitedObject } from './diff-backups.ts';

export interface LiveSide {
  readonly client: ApiClient;
  /** Lists under way at once. */
  readonly concurrency: number;
  readonly onProblem: (problem: CollectProblem) => void;
}

export interface LiveObject extends ObjectPlace {
  readonly kind: string;
  readonly object: JsonObject;
}

/** What a backup by this selection would take now. What could not be listed is told to `onProblem`. */
export async function* readLiveObjects(wanted: Selection, side: LiveSide): AsyncGenerator<LiveObject> {
  const { client, concurrency, onProblem } = side;
  const discovery = await discover(client);
  const selection = compileSelection(resolveNames(wanted, discovery));
  const how = { client, discovery, selection, concurrency, now: () => '', onList: () => undefined, onProblem };
  for await (const { raw, kind, namespace, name, ...rest } of collectObjects(how))
    yield { groupResource: groupResourceOf(rest), kind: asString(raw['kind']) ?? kind, namespace, name, object: raw };
}

/** What could not be listed is told to `onProblem`: its objects would seem to be removed. */
export async function* visitLive(
  { backup }: SavedObjects,
  side: LiveSide,
  isSame: (archived: Archived) => boolean,
): AsyncGenerator<VisitedObject> {
  for await (const live of readLiveObjects(selectionOfBackup(backup.object), side)) {
    const { object, ...place } = live;
    const text = renderGoJson(object);
    const apiVersion = asString(object['apiVersion']) ?? '';
    const archived: Archived = {
      ...place,
      version: apiVersion.slice(apiVersion.indexOf('/') + 1),
      bytes: Buffer.byteLength(text),
      sha256: sha256Of(text),
    };
    yield isSame(archived) ? archived : { ...archived, object };
  }
}
