// Folders that a container is seen to write to, and how they stay writable on a file system that is read-only.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asObject, asString, type Edit, type Json } from '../../model/index.ts';
import { imageName } from '../data-stores.ts';

/**
 * Of well-known images, beside /tmp. Data counts: with no volume it goes with the pod as before, and where nobody may write it the program stops.
 * Sources: their Dockerfiles and configuration files, 2026-01.
 */
const ofImages: ReadonlyMap<string, readonly string[]> = new Map([
  ['nginx', ['/var/cache/nginx', '/var/run']],
  ['httpd', ['/usr/local/apache2/logs']],
  ['wordpress', ['/var/run/apache2', '/var/lock/apache2', '/var/www/html']],
  ['postgres', ['/var/run/postgresql', '/var/lib/postgresql/data']],
  ['mysql', ['/var/run/mysqld', '/var/lib/mysql']],
  ['mariadb', ['/run/mysqld', '/var/lib/mysql']],
  ['mongo', ['/data/db', '/data/configdb']],
  ['redis', ['/data']],
  ['valkey', ['/data']],
]);

const folderVariable = /(?:^|_)(?:TMP|TEMP|TMPDIR|CACHE)(?:_?(?:DIR|PATH|HOME|FOLDER))?$/;

/** Folders that settings name for temporary files, and those of the image. */
function seenFolders(container: PodContainer): string[] {
  const named = asArray(container.raw['env']).flatMap((item) => {
    const { name, value } = asObject(item);
    const folder = asString(value) ?? '';
    return folderVariable.test(asString(name) ?? '') && /^\/[^:]+$/.test(folder) ? [folder] : [];
  });
  return [...new Set(['/tmp', ...named, ...(ofImages.get(imageName(container)) ?? [])])];
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Those that no volume is mounted on, or around. */
export function foldersToKeep(container: PodContainer, more: readonly string[] = []): string[] {
  const mounts = asArray(container.raw['volumeMounts']).map((mount) => asString(asObject(mount)['mountPath']) ?? '');
  const folders = [...new Set([...seenFolders(container), ...more])];
  return folders.filter(
    (folder) => !mounts.some((mount) => mount !== '/' && isWithin(folder, mount.replace(/\/$/, ''))),
  );
}

/** `tmp`, `var-cache-nginx`; with the container's name in front where the pod has several, which must not share it. */
function volumeName(folder: string, container: PodContainer, { containers, spec }: Workload): string {
  const words = folder
    .replace(/^\//, '')
    .replace(/[^a-z0-9]+/gi, '-')
    .toLowerCase();
  const base = (containers.length === 1 ? words : `${container.name}-${words}`).slice(0, 60).replace(/^-|-$/g, '');
  const taken = new Set(asArray(spec['volumes']).map((volume) => asObject(volume)['name']));
  return taken.has(base) ? `${base}-rw` : base;
}

/** An empty folder of the pod's own on each path: its content goes with the pod. */
export function mountEmpty(folders: readonly string[], container: PodContainer, workload: Workload): Edit[] {
  if (folders.length === 0) return [];
  const names = folders.map((folder) => volumeName(folder, container, workload));
  const mounts: Json[] = folders.map((mountPath, index) => ({ name: names[index] ?? '', mountPath }));
  return [
    { op: 'add', path: [...container.path, 'volumeMounts'], values: mounts },
    { op: 'add', path: [...workload.specPath, 'volumes'], values: names.map((name) => ({ name, emptyDir: {} })) },
  ];
}
