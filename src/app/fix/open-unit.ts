// A chart or a kustomization that is open for edits: its files, a copy to try them in, and what it renders to.

import type { FileDrafts, Twin } from '../../fixes/index.ts';
import type { JsonObject, Path } from '../../model/index.ts';
import type { TrialCopy, TrialUnit, UnitFiles } from '../../sources/index.ts';
import type { OverlayPlace } from './overlay-place.ts';
import type { OpenSibling } from './siblings.ts';
import type { Route } from './unit-attempt.ts';

export type Objects = ReadonlyMap<string, JsonObject>;

/** Who deploys a chart, as a kustomization makes it. */
export interface MadeRelease {
  /** Of the kustomization, as shown. */
  readonly folder: string;
  /** Identity of the release. */
  readonly release: string;
  /** Fields of the release that edits go into. */
  readonly fields: readonly Path[];
  /** What the kustomization gave at first, and what it gives by now. */
  readonly first: Objects;
  now: Objects;
}

/** A unit with what was changed in it so far. */
export interface OpenUnit {
  readonly unit: TrialUnit;
  readonly copy: TrialCopy;
  readonly files: UnitFiles;
  /** Places to try one after the other. */
  readonly routes: readonly Route[];
  /** What it rendered to at first, and what it renders to by now. */
  readonly first: ReadonlyMap<string, JsonObject>;
  now: ReadonlyMap<string, JsonObject>;
  drafts: FileDrafts;
  readonly created: Set<string>;
  /** A chart's objects, each with the same one of a release with another name. */
  readonly twins: readonly Twin[];
  /** Behind a chart. */
  readonly overlay?: OverlayPlace;
  /** File of who deploys the chart, where the settings do not name it. */
  readonly released?: string;
  /** The kustomization that makes who deploys the chart. */
  readonly made?: MadeRelease;
  /** Why nothing goes behind it, where that has a reason of its own. */
  readonly bar?: string;
  /** Kustomizations that share files with this one. */
  readonly siblings: readonly OpenSibling[];
  /** Identities of objects that are gone. */
  readonly removed: Set<string>;
}
