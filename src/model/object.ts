// A Kubernetes object as it was read: raw JSON plus who it is and where it stands.

import type { Evidence } from './evidence.ts';
import type { JsonObject } from './json-value.ts';

/** A place in a file the user can open. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where `file` is a chart's template: the key of the chart's values that decides the field, `web.resources`. */
  readonly valuesKey?: string;
}

/** Variables that Flux puts into objects after they are built. */
export interface Variables {
  readonly values: Readonly<Record<string, string>>;
  /** False where others may be set by what is not in the files, or by Secrets: they stay as they are written. */
  readonly isWhole: boolean;
}

/** How an object came to be: a plain file, or a rendered unit such as a chart. */
export interface Origin {
  readonly kind: 'manifest' | 'helm' | 'kustomize' | 'cluster';
  /** Folder or archive of the chart or kustomization; the file itself for a manifest. */
  readonly unit: string;
  /** Helm only: `hook` objects are kept apart from the release's own. */
  readonly hook?: string;
  /** Helm only: path of the subchart below the chart, `charts/redis`. */
  readonly subchart?: string;
  /** Manifests and kustomizations: what was put into the object when it was read. */
  readonly variables?: Variables;
}

/** A document of the user's own text that a rendered object was made from. */
export interface WrittenIn {
  /** Index in `Snapshot.texts`, and the character range in it. */
  readonly text: number;
  readonly start: number;
  readonly end: number;
  readonly document: number;
  readonly within: readonly (string | number)[];
  /** JSON pointers in the rendered object, where the place sets only those: an entry of `images`, an operation of a JSON patch. */
  readonly sets?: readonly string[];
}

export interface ObjectSource {
  /** File shown to the user: for a rendered object the template or base file where known. */
  readonly file: string;
  /** Index of the text in `Snapshot.texts` that the object was parsed from, and the byte-free character range in it. */
  readonly text: number;
  readonly start: number;
  readonly end: number;
  /** Index of the document within that range: 0 but for texts with `...` ends. */
  readonly document: number;
  /** First line of the object's own content within `file`; 1 where the file is a template. */
  readonly line: number;
  /** Path inside the parsed document, for an item of a `List`: `['items', 3]`. */
  readonly within: readonly (string | number)[];
  /** For a kustomized object: the resource it was made from, then the patches in the order they were applied. */
  readonly writtenIn?: readonly WrittenIn[];
  readonly origin: Origin;
}

export interface KubeObject {
  readonly apiVersion: string;
  /** API group: '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** '' for a cluster-scoped object; for others the namespace it would be applied to. */
  readonly namespace: string;
  readonly name: string;
  readonly raw: JsonObject;
  readonly source: ObjectSource;
  /** The same object as somebody wrote it: in the user's files, where these were read together with a cluster, or in the chart of its Helm release. */
  readonly declared?: KubeObject;
}

/** The identity of an object without its content: what findings and graphs refer to. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Something that could not be read or rendered. Shown to the user, never dropped. */
export interface Unreadable {
  /** Stable code from the error table, such as `invalid-yaml`. */
  readonly code: string;
  readonly position: Position;
  /** What happened, in one sentence without the file's content. */
  readonly reason: string;
  /** What the user can do about it. */
  readonly advice: string;
}

/** A file that was looked at and is not Kubernetes: a values file, a pipeline, a compose file. */
export interface Skipped {
  readonly file: string;
  readonly what: string;
}

/** As `TextDecoder` names them. */
export type TextEncoding = 'utf-16le' | 'utf-16be';

/** The text of one file or of one rendered stream, kept to compute positions lazily. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** Left out for UTF-8, the only one that edits are written in. */
  readonly encoding?: TextEncoding;
  /** True where `text` is a rendering and its lines are not the user's own. */
  readonly rendered: boolean;
  /** Where `file` is a chart's template and `text` what it was rendered to: the template's own text. */
  readonly template?: string;
}

/** A key that stands twice in one mapping; kubectl keeps the last one silently. */
export interface DuplicateKey {
  readonly object: number;
  readonly path: readonly (string | number)[];
  readonly position: Position;
}

/** A definition of an object that another one in the input overrides: kubectl keeps the last. */
export interface Redefinition {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Where the definition that does not count stands. */
  readonly position: Position;
}

/** What one look at a source gave: plain JSON, comparable and storable. */
export interface Snapshot {
  readonly objects: readonly KubeObject[];
  readonly unreadable: readonly Unreadable[];
  readonly skipped: readonly Skipped[];
  readonly duplicateKeys: readonly DuplicateKey[];
  /** Definitions with other content than the one that counts; equal ones are only in `skipped`. */
  readonly redefinitions: readonly Redefinition[];
  readonly texts: readonly SourceText[];
  /** Reports of other tools; those that are Kubernetes objects are among the objects only. */
  readonly evidence?: readonly Evidence[];
  readonly facts: Facts;
}

/** Something that is read as a whole: the plain manifests, a chart, a kustomization. */
export interface ReadUnit {
  readonly kind: 'manifest' | 'helm' | 'kustomize';
  /** Folder or archive; for plain manifests the input. */
  readonly unit: string;
  /** Objects it gave to the snapshot. */
  readonly objects: number;
  /** Why its objects are not in the snapshot, where they are not. */
  readonly leftOut?: string;
}

/** A list that could not be made: its objects are not in the snapshot, and nothing may be concluded from that. */
export interface NotListed {
  readonly group: string;
  /** `*` where the server does not say what the group holds. */
  readonly kind: string;
  /** Plural name, as in rules. */
  readonly resource: string;
  /** '' for the whole cluster. */
  readonly namespace: string;
  /** True where the list broke, as an unreadable says; left out where the user may not make it, which a right would change. */
  readonly failed?: true;
}

/** Whether a list would have held objects of a kind. */
export function isListOf(list: NotListed, group: string, kind: string): boolean {
  return list.group === group && (list.kind === kind || list.kind === '*');
}

/** What a kubelet says of its own configuration. */
export interface KubeletReading {
  readonly node: string;
  /** `KubeletConfiguration` with its defaults filled in, as the kubelet runs with it; absent where the user may not ask or the node did not answer. */
  readonly config?: JsonObject;
  /** Why there is none. */
  readonly unread?: string;
}

/** What was read of a cluster beside the lists that were asked for: it tells how the cluster works and is not the app's. */
export interface ClusterBeside {
  /** Objects of other namespaces: programs of the cluster and their settings. */
  readonly objects: readonly JsonObject[];
  /** Kinds, as `group/Kind`, of which every object of the cluster is known: in the lists or here. */
  readonly whole: readonly string[];
  readonly kubelets: readonly KubeletReading[];
  /** Kinds that were asked for and not read everywhere, with the reason. */
  readonly unread: readonly { readonly kind: string; readonly why: string }[];
}

/** What is kept of a value that is not. */
export interface WithheldValue {
  readonly bytes: number;
  /** The same for the same value, within one snapshot; its key is forgotten, so that no value can be guessed from it. '' for an empty value. */
  readonly fingerprint: string;
}

/** The values of a Secret of the cluster, by key. */
export interface WithheldSecret {
  readonly namespace: string;
  readonly name: string;
  readonly keys: Readonly<Record<string, WithheldValue>>;
}

/** What one template of a release was rendered to. */
export interface HelmRendering {
  /** As Helm names it: `shop/templates/web.yaml`. */
  readonly path: string;
  readonly text: string;
  /** The template itself, where the release holds it. */
  readonly template?: string;
}

/** A release as Helm keeps it in the cluster, without its Secrets. */
export interface HelmRelease {
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  /** As Helm has it: `deployed`, `failed`, `pending-upgrade`. */
  readonly status: string;
  /** `shop-1.2.0`. */
  readonly chart: string;
  readonly renderings: readonly HelmRendering[];
}

/** What is known of the cluster that was read. */
export interface ClusterFacts {
  readonly context: string;
  /** `v1.34.2`, as the server tells it. */
  readonly serverVersion: string;
  /** Namespaces that were read; empty for all. */
  readonly namespaces: readonly string[];
  readonly notListed: readonly NotListed[];
  /** Absent in a snapshot that was saved by an older version. */
  readonly beside?: ClusterBeside;
  /** Of the Secrets that were listed; absent in a snapshot that was saved by an older version. */
  readonly secrets?: readonly WithheldSecret[];
  /** Helm releases that run in the namespaces that were read, as far as their Secrets may be listed. */
  readonly releases?: readonly HelmRelease[];
  /** ISO date; only for a snapshot that was saved and read again. */
  readonly savedOn?: string;
}

export interface Facts {
  /** What the user gave: paths or `-`. */
  readonly inputs: readonly string[];
  readonly files: number;
  readonly units?: readonly ReadUnit[];
  /** Minor version of the target Kubernetes, 1.N as N. */
  readonly minor: number;
  /** Absent where only files were read. */
  readonly cluster?: ClusterFacts;
  /** True where files and the cluster were read together: each object that both have knows what the files declare. */
  readonly joined?: true;
}
