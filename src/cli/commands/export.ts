// `backup export`: what the user wrote, carried out and shown.

import { type ExportedApp, exportApp, type ExportOrder, writeExport } from '../../app/exports/export-app.ts';
import { renderDocument } from '../../app/exports/render-document.ts';
import { UserError } from '../../model/index.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderExported } from '../reporters/export.ts';
import { requireStore, toLabelSelector } from '../store-flags.ts';

export interface ExportFlags extends SourceFlags {
  readonly store?: string;
  readonly folder?: string;
  readonly layout: 'yaml' | 'kustomize';
  readonly output: 'text' | 'json';
  readonly kind?: readonly string[];
  readonly name?: string;
  readonly selector?: string;
}

function toOrder(backup: string | undefined, flags: ExportFlags, io: Io): ExportOrder {
  const { kind: kinds = [], name, selector, context, namespace = '' } = flags;
  const namespaces = namespace.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
  if ((backup === undefined) === (context === undefined))
    throw new UserError('invalid-option', 'an export is of a backup or of a cluster', 'Name a backup, or --context.');
  const labels = selector === undefined ? {} : { labels: toLabelSelector(selector) };
  const from =
    backup === undefined ? { cluster: toClusterOnlyWish(flags) } : { store: requireStore(flags, io), backup };
  // Of a cluster, the namespaces say what is listed; what these objects need of the cluster itself comes with them.
  return { from, filter: { namespaces: backup === undefined ? [] : namespaces, kinds, name, ...labels } };
}

/** Problems on standard error: what is printed is YAML. */
async function printAll({ objects, problems }: ExportedApp, io: Io): Promise<void> {
  for (const problem of problems) io.err(`${problem}\n`);
  for (const [index, { object }] of objects.entries()) {
    io.out(`${index === 0 ? '' : '---\n'}${renderDocument(object)}`);
    await io.drained?.();
  }
}

/** Exit status 1 where a part of the cluster could not be seen. */
export async function runExport(backup: string | undefined, flags: ExportFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const { folder, layout, output } = flags;
  if (folder === undefined && (layout === 'kustomize' || output === 'json'))
    throw new UserError('invalid-option', 'without a folder, YAML is printed', 'Name one with --folder.');
  const order = toOrder(backup, flags, io);
  const exported = await withProgress(io, flags.quiet ?? false, (progress) => {
    progress('reading');
    return exportApp(order, { stdin, environment, today, progress });
  });
  const status = exported.problems.length === 0 ? 0 : 1;
  if (folder === undefined) {
    await printAll(exported, io);
    return status;
  }
  const files = await writeExport(exported, { folder, isKustomize: layout === 'kustomize' });
  const { secrets, leftOut, problems } = exported;
  const answer = { schema: 'nowwhat.dev/export/v1', folder, files, secrets, leftOut, problems } as const;
  const look = { style: io.style, width: parseWidth(flags.width, io.width), program: io.program };
  if (flags.quiet !== true)
    io.out(output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : renderExported(answer, look));
  return status;
}
