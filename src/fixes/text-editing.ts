// Texts under edit: changes are put in one after the other, each whole or not at all.

import { parseApiVersion } from '../kube/api-version.ts';
import {
  asObject,
  asString,
  type Change,
  isSameJson,
  type JsonObject,
  type KubeObject,
  type NewObject,
  type ObjectEdits,
  type ObjectSource,
  type Snapshot,
  type SourceText,
} from '../model/index.ts';
import type { EditedFile } from './edited-file.ts';
import { namespaceOf, type NewPlace, type PlaceChooser } from './new-files/choose-place.ts';
import { appendDocument, prependDocument, renderFile, toWritten, type Written } from './new-files/write-document.ts';
import { editText, type ObjectPlace } from './text/edit-text.ts';
import { findForeignEncoding } from './text/foreign-encoding.ts';
import { withoutDocument } from './text/without-document.ts';
import { handOf } from './text/hand.ts';

/** Why the object's own text cannot be edited, or nothing where it can. */
function obstacle({ source: { origin } }: KubeObject, text: SourceText | undefined): string | undefined {
  switch (origin.kind) {
    case 'helm':
      return `the chart ${origin.unit} renders it`;
    case 'kustomize':
      return `the kustomization ${origin.unit} renders it`;
    case 'cluster':
      return 'it is in a cluster, and no file is known';
    case 'manifest':
      if (text === undefined || text.rendered || text.file === '-') return 'it came from no file';
      return findForeignEncoding(text);
  }
}

/** How much longer the text has become at a place of the original. */
interface Growth {
  readonly start: number;
  readonly by: number;
}

/** A text under edit: places of the original still find their object. */
interface Draft {
  readonly file: string;
  readonly text: string;
  readonly before?: string;
  readonly grown: readonly Growth[];
  readonly created: readonly Written[];
  readonly removed: readonly KubeObject[];
}

function placeIn({ grown }: Draft, { start, end, document, within }: ObjectSource): ObjectPlace {
  const sum = (growths: readonly Growth[]): number => growths.reduce((total, { by }) => total + by, 0);
  const before = sum(grown.filter((each) => each.start < start));
  const inside = sum(grown.filter((each) => each.start === start));
  return { start: start + before, end: end + before + inside, document, within };
}

/** Before every place of the original. */
const atStart = -1;

interface State {
  readonly drafts: Map<number, Draft>;
  /** New objects by who they are. */
  readonly created: Map<string, JsonObject>;
}

export class TextEditing {
  private state: State = { drafts: new Map(), created: new Map() };
  private readonly known: ReadonlyMap<string, KubeObject>;
  private readonly snapshot: Snapshot;
  private readonly places: PlaceChooser;

  constructor(snapshot: Snapshot, places: PlaceChooser) {
    this.snapshot = snapshot;
    this.places = places;
    this.known = new Map(snapshot.objects.map((object) => [identity(object.raw, object.namespace), object]));
  }

  /** The reason where the change cannot be made: then nothing of it is. */
  apply({ edits, create, remove = [] }: Change): string | undefined {
    const state: State = { drafts: new Map(this.state.drafts), created: new Map(this.state.created) };
    for (const each of edits) {
      const reason = this.edit(each, state);
      if (reason !== undefined) return reason;
    }
    for (const each of create) {
      const reason = this.create(each, state);
      if (reason !== undefined) return reason;
    }
    for (const each of remove) {
      const reason = this.remove(each, state);
      if (reason !== undefined) return reason;
    }
    this.state = state;
    return undefined;
  }

  files(): EditedFile[] {
    return [...this.state.drafts].flatMap(([text, { file, before, text: after, created, removed }]) =>
      before === after
        ? []
        : [
            {
              file,
              text,
              after,
              created: created.map(({ value }) => value),
              removed,
              ...(before === undefined ? {} : { before }),
            },
          ],
    );
  }

  private edit({ object, edits }: ObjectEdits, { drafts }: State): string | undefined {
    const { source } = object;
    const reason = obstacle(object, this.snapshot.texts[source.text]);
    if (reason !== undefined) return reason;
    const draft = this.draftOf(source.text, drafts);
    const result = editText(draft.text, placeIn(draft, source), edits);
    if (!result.ok) return result.reason;
    drafts.set(source.text, grow(draft, result.text, source.start));
    return undefined;
  }

  /** Takes a document or an item of a list out of its text; what stood around it stays. */
  private remove(object: KubeObject, { drafts }: State): string | undefined {
    const { source } = object;
    const reason = obstacle(object, this.snapshot.texts[source.text]);
    if (reason !== undefined) return reason;
    const draft = this.draftOf(source.text, drafts);
    if (draft.removed.includes(object)) return undefined;
    const place = placeIn(draft, source);
    const text = source.within.length > 0 ? withoutItem(draft.text, place) : withoutDocument(draft.text, place, object);
    if (text === undefined) return 'its item cannot be taken out of the list';
    drafts.set(source.text, { ...grow(draft, text, source.start), removed: [...draft.removed, object] });
    return undefined;
  }

  private create(create: NewObject, state: State): string | undefined {
    const { beside } = create;
    const reason = obstacle(beside, this.snapshot.texts[beside.source.text]);
    if (reason !== undefined) return reason;
    const key = identity(create.raw, namespaceOf(create));
    const known = this.known.get(key);
    if (known !== undefined) return `${known.kind} "${known.name}" is there already, in ${known.source.file}`;
    const other = state.created.get(key);
    if (other !== undefined)
      return isSameJson(other, create.raw)
        ? undefined
        : 'another finding asks for the same new object with other content';
    state.created.set(key, create.raw);
    return this.put(create, this.places.choose(create), state);
  }

  private put(create: NewObject, place: NewPlace, { drafts }: State): string | undefined {
    const document = toWritten(create);
    if (place.text === undefined) {
      this.putInNewFile(create, place.file, drafts);
      return undefined;
    }
    const draft = this.draftOf(place.text, drafts);
    const hand = handOf(draft.before ?? draft.text);
    const created = [...draft.created, document];
    if (place.at === 'end') {
      drafts.set(place.text, { ...draft, text: appendDocument(draft.text, document, hand), created });
      return undefined;
    }
    if (place.at === 'start') {
      drafts.set(place.text, { ...grow(draft, prependDocument(draft.text, document, hand), atStart), created });
      return undefined;
    }
    const { source } = create.beside;
    const list = { ...placeIn(draft, source), within: source.within.slice(0, -2) };
    const result = editText(draft.text, list, [{ op: 'add', path: ['items'], values: [document.value] }]);
    if (!result.ok) return result.reason;
    drafts.set(place.text, { ...grow(draft, result.text, source.start), created });
    return undefined;
  }

  private putInNewFile(create: NewObject, file: string, drafts: Map<number, Draft>): void {
    const open = [...drafts].find(([, draft]) => draft.file === file && draft.before === undefined);
    const index = open?.[0] ?? this.snapshot.texts.length + [...drafts.values()].filter(isNewFile).length;
    const created = [...(open?.[1].created ?? []), toWritten(create)];
    const hand = handOf(this.snapshot.texts[create.beside.source.text]?.text ?? '');
    drafts.set(index, { file, text: renderFile(file, created, hand), grown: [], created, removed: [] });
  }

  private draftOf(text: number, drafts: ReadonlyMap<number, Draft>): Draft {
    const { file = '', text: before = '' } = this.snapshot.texts[text] ?? {};
    return drafts.get(text) ?? { file, text: before, before, grown: [], created: [], removed: [] };
  }
}

function withoutItem(text: string, place: ObjectPlace): string | undefined {
  const result = editText(text, { ...place, within: [] }, [{ op: 'remove', path: place.within }]);
  return result.ok ? result.text : undefined;
}

function identity(raw: JsonObject, namespace: string): string {
  const { group } = parseApiVersion(asString(raw['apiVersion']) ?? '');
  return [group, asString(raw['kind']), namespace, asString(asObject(raw['metadata'])['name'])].join('/');
}

function isNewFile({ before }: Draft): boolean {
  return before === undefined;
}

function grow(draft: Draft, text: string, start: number): Draft {
  return { ...draft, text, grown: [...draft.grown, { start, by: text.length - draft.text.length }] };
}
