// The use case of an export: the objects of a backup or a cluster as manifests that somebody would keep in git.

import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createClient } from '../../api/index.ts';
import {
  assembleExport,
  compileObjectFilter,
  type Export,
  type ObjectFilter,
  openSavedObjects,
  readLiveObjects,
  type Selection,
  type SourceObject,
} from '../../backup/index.ts';
import { loadSchemas } from '../../kube/schema/index.ts';
import { newestKnownMinor } from '../../kube/versions.ts';
import { asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { withStore } from '../backups/with-store.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';
import { renderDocument } from './render-document.ts';
import { renderKustomization, renderSecretsPage } from './render-export.ts';

export interface ExportOrder {
  readonly from: { readonly store: string; readonly backup: string } | { readonly cluster: ClusterWish };
  readonly filter: ObjectFilter;
}

export interface ExportedApp extends Export {
  /** What could not be listed of a cluster. */
  readonly problems: readonly string[];
}

/** `34`, also of the `28+` that some providers say. */
function minorOf(text: string | undefined): number {
  const minor = Number.parseInt(text ?? '', 10);
  return Number.isNaN(minor) ? newestKnownMinor : minor;
}

function minorOfBackup(backup: JsonObject): number {
  const annotations = asObject(asObject(backup['metadata'])['annotations']);
  return minorOf(asString(annotations['velero.io/source-cluster-k8s-minor-version']));
}

async function exportBackup(store: string, backup: string, filter: ObjectFilter): Promise<ExportedApp> {
  const taken = compileObjectFilter(filter);
  const schemas = await loadSchemas();
  return withStore(store, async (opened) => {
    const saved = await openSavedObjects(opened, backup);
    async function* objects(): AsyncGenerator<SourceObject> {
      for await (const each of saved.read(taken.takesPlace)) if (taken.takesObject(each.object)) yield each;
    }
    const setting = { schemas, minor: minorOfBackup(saved.backup.object) };
    return { ...(await assembleExport(objects(), setting)), problems: [] };
  });
}

/** The namespaces of the wish, or that of the context. */
function selectionOf({ namespaces, allNamespaces }: ClusterWish, own: string): Selection {
  return allNamespaces ? {} : { includedNamespaces: namespaces.length > 0 ? namespaces : [own] };
}

async function exportCluster(cluster: ClusterWish, filter: ObjectFilter, outside: Outside): Promise<ExportedApp> {
  const taken = compileObjectFilter(filter);
  const schemas = await loadSchemas();
  const connection = await connectCluster(cluster, outside);
  const { concurrency } = cluster;
  const client = createClient(connection, { concurrency });
  const problems: string[] = [];
  try {
    const { minor } = await client.request({ path: '/version' });
    const selection = selectionOf(cluster, connection.namespace);
    const live = readLiveObjects(selection, {
      client,
      concurrency,
      onProblem: ({ message }) => problems.push(message),
    });
    async function* objects(): AsyncGenerator<SourceObject> {
      for await (const each of live) if (taken.takesPlace(each) && taken.takesObject(each.object)) yield each;
    }
    const exported = await assembleExport(objects(), { schemas, minor: minorOf(asString(minor)) });
    return { ...exported, problems };
  } finally {
    await client.close();
  }
}

/** Nothing is changed anywhere. Throws `UserError` where there is nothing to read, or nothing of it would be kept in git. */
export async function exportApp({ from, filter }: ExportOrder, outside: Outside): Promise<ExportedApp> {
  const exported =
    'cluster' in from
      ? await exportCluster(from.cluster, filter, outside)
      : await exportBackup(from.store, from.backup, filter);
  if (exported.objects.length > 0) return exported;
  throw new UserError(
    'nothing-to-read',
    'no object is there that somebody would keep in git',
    'Name other namespaces.',
  );
}

export interface FolderOrder {
  readonly folder: string;
  /** With a `kustomization.yaml` that lists the files. */
  readonly isKustomize: boolean;
}

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return;
  const advice = 'Export into a new folder, and move over what you want: files that are there are not touched.';
  throw new UserError('output-failed', `${folder} is not empty`, advice);
}

function filesOf(exported: ExportedApp, isKustomize: boolean): ReadonlyMap<string, string> {
  const files = new Map(exported.objects.map(({ file, object }) => [file, renderDocument(object)]));
  if (isKustomize) files.set('kustomization.yaml', renderKustomization([...files.keys()]));
  if (exported.secrets.length > 0) files.set('SECRETS.md', renderSecretsPage(exported.secrets));
  return files;
}

/** Names of the files. The folder appears whole or not at all. Throws `UserError`. */
export async function writeExport(
  exported: ExportedApp,
  { folder, isKustomize }: FolderOrder,
): Promise<readonly string[]> {
  await requireEmpty(folder);
  const files = filesOf(exported, isKustomize);
  const aside = `${join(folder).replace(/\/$/, '')}.part-${process.pid}`;
  try {
    for (const [name, text] of files) {
      await mkdir(dirname(join(aside, name)), { recursive: true });
      await writeFile(join(aside, name), text);
    }
    await rename(aside, folder);
  } catch (cause) {
    const advice = 'Choose a folder that you may write to.';
    throw new UserError('output-failed', `${folder} cannot be written`, advice, cause);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return [...files.keys()];
}
