// A cluster as the other side of a diff: what a backup would take of it now, object by object, by the same selection.

import { createHash } from 'node:crypto';
import { type ApiClient, discover } from '../../api/index.ts';
import { asObject, asString } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { renderGoJson } from '../archive/go-json.ts';
import type { Archived } from '../archive/write-archive.ts';
import type { SavedObjects } from '../browse/saved-objects.ts';
import { resolveNames } from '../collect/choose-resources.ts';
import { collectObjects, type CollectProblem } from '../collect/collect-objects.ts';
import { compileSelection, selectionOfSpec } from '../collect/selection.ts';
import type { VisitedObject } from './diff-backups.ts';

export interface LiveSide {
  readonly client: ApiClient;
  /** Lists under way at once. */
  readonly concurrency: number;
  readonly onProblem: (problem: CollectProblem) => void;
}

/** What could not be listed is told to `onProblem`: its objects would seem to be removed. */
export async function* visitLive(
  { backup }: SavedObjects,
  { client, concurrency, onProblem }: LiveSide,
  isSame: (archived: Archived) => boolean,
): AsyncGenerator<VisitedObject> {
  const discovery = await discover(client);
  const selection = compileSelection(resolveNames(selectionOfSpec(asObject(backup.object['spec'])), discovery));
  const how = { client, discovery, selection, concurrency, now: () => '', onList: () => undefined, onProblem };
  for await (const { raw, kind, version, namespace, name, ...rest } of collectObjects(how)) {
    const text = renderGoJson(raw);
    const archived: Archived = {
      groupResource: groupResourceOf(rest),
      kind: asString(raw['kind']) ?? kind,
      version,
      namespace,
      name,
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    };
    yield isSame(archived) ? archived : { ...archived, object: raw };
  }
}
