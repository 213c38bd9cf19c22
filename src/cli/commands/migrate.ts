// `migrate`: shows how an app moves to another cluster, step by step; it takes none of them by itself.

import { planMigration } from '../../app/clones/migrations.ts';
import { renderJson, UserError } from '../../model/index.ts';
import { type MappingFlags, toMappings } from '../arrival-flags.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish, toNamedCluster } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderMigration } from '../reporters/migration.ts';
import { requireStore } from '../store-flags.ts';
import { writeOutput } from '../write-output.ts';

export interface MigrateFlags extends SourceFlags, MappingFlags {
  readonly toContext: string;
  readonly toKubeconfig?: string;
  readonly store?: string;
  readonly output: 'text' | 'json';
}

/** Exit status 1 where something must be settled before. */
export async function runMigrate(namespace: string, flags: MigrateFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const { context = '', toContext, toKubeconfig = flags.kubeconfig } = flags;
  if (context === '.' || toContext === '.')
    throw new UserError(
      'invalid-option',
      'the steps need the names of both contexts',
      'Write them out instead of ".".',
    );
  const kubeconfig = toKubeconfig === undefined ? {} : { kubeconfig: toKubeconfig };
  const order = {
    cluster: toClusterOnlyWish(flags),
    to: toClusterOnlyWish({ context: toContext, ...kubeconfig }),
    namespace,
    wish: {
      from: { ...toNamedCluster(flags), context },
      to: { ...kubeconfig, context: toContext },
      store: requireStore(flags, io),
      ...toMappings(flags),
    },
  };
  const plan = await withProgress(io, flags.quiet ?? false, (progress) =>
    planMigration(order, { stdin, environment, today, progress }, Date.now),
  );
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
  };
  const text =
    flags.output === 'json'
      ? `${renderJson({ schema: 'nowwhat.dev/migration/v1', ...plan }, 2)}\n`
      : renderMigration(plan, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return plan.decisions.length > 0 ? 1 : 0;
}
