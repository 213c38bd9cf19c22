// `clone`: shows what a copy would be, makes it where somebody agrees, and tells what happened.

import { readFile } from 'node:fs/promises';
import { type CloneAnswer, type CloneOrder, type ClonePreview, cloneApp } from '../../app/clones/clones.ts';
import { compileSecretRules, parseSecretRules, type SecretRules, type SecretTreatment } from '../../backup/index.ts';
import { parseHostRules } from '../../kube/relocation/index.ts';
import { type JsonObject, renderJson, UserError } from '../../model/index.ts';
import { toPathError } from '../../sources/index.ts';
import { type MappingFlags, type OpeningFlags, toMappings, toTrying, type TryingFlags } from '../arrival-flags.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish, toMilliseconds, toNamedCluster } from '../flags.ts';
import type { Io } from '../io.ts';
import { writingConcurrency } from '../options.ts';
import { quietly } from '../progress.ts';
import { runTidily } from '../run-tidily.ts';
import { renderClone, renderClonePlan } from '../reporters/clone.ts';
import { requireStore } from '../store-flags.ts';
import { toMovingWish, type VolumeFlags } from '../volume-flags.ts';
import { requireAgreement } from './plans/agree.ts';
import { writeOutput } from '../write-output.ts';

export interface CloneFlags extends SourceFlags, VolumeFlags, MappingFlags, OpeningFlags, TryingFlags {
  /** False for `--no-volumes`. */
  readonly volumes?: boolean;
  readonly toContext?: string;
  readonly toKubeconfig?: string;
  readonly fromBackup?: string;
  readonly store?: string;
  readonly host?: readonly string[];
  readonly clusterDomain?: readonly string[];
  readonly secrets: SecretTreatment;
  readonly secretRules?: string;
  readonly replicas?: string;
  readonly suspend?: boolean;
  readonly fence?: boolean;
  readonly webhooks?: boolean;
  readonly ttl?: string;
  readonly readyWithin?: string;
  readonly keep?: boolean;
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly output: 'text' | 'json';
}

async function readRules(usual: SecretTreatment, file: string | undefined): Promise<SecretRules> {
  if (file === undefined) return compileSecretRules(usual, undefined, '');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw toPathError(cause, file, 'Name a file with rules for Secrets.');
  });
  return parseSecretRules(usual, text, file);
}

function parseReplicas(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,5}$/.test(text)) return number;
  throw new UserError('invalid-option', `"${text}" is not a number of pods`, 'Write a whole number, or 0 for none.');
}

function savedOf(flags: CloneFlags, io: Io): CloneOrder['saved'] {
  return flags.fromBackup === undefined
    ? undefined
    : { store: requireStore(flags, io), backup: flags.fromBackup, identity: flags.identity, key: flags.key };
}

async function toOrder(namespace: string, name: string, flags: CloneFlags, io: Io): Promise<CloneOrder> {
  const concurrency = flags.concurrency ?? String(writingConcurrency);
  const secrets = await readRules(flags.secrets, flags.secretRules);
  const { toContext, toKubeconfig, ttl, readyWithin } = flags;
  const to =
    toContext === undefined
      ? undefined
      : toClusterOnlyWish({ context: toContext, concurrency, ...kubeconfigOf(toKubeconfig ?? flags.kubeconfig) });
  return {
    cluster: toClusterOnlyWish({ ...flags, concurrency }),
    to,
    saved: savedOf(flags, io),
    namespace,
    name,
    moving: flags.volumes === false ? undefined : toMovingWish(flags, io),
    wish: {
      hosts: parseHostRules(flags.host ?? []),
      domains: flags.clusterDomain ?? [],
      secrets,
      replicas: parseReplicas(flags.replicas),
      suspend: flags.suspend === true,
      fence: flags.fence === true,
      webhooks: flags.webhooks === true,
      ...toMappings(flags),
    },
    ttl: ttl === undefined ? undefined : toMilliseconds(ttl, 1000),
    readyWithin: readyWithin === undefined ? undefined : toMilliseconds(readyWithin, 1000),
    keep: flags.keep === true,
    ...toTrying(flags),
  };
}

function kubeconfigOf(kubeconfig: string | undefined): Pick<SourceFlags, 'kubeconfig'> {
  return kubeconfig === undefined ? {} : { kubeconfig };
}

const asked = {
  question: 'Make this copy?',
  refusal: 'nothing was copied',
  advice: 'See it with --dry-run, and agree with --yes.',
};

function agree(preview: ClonePreview, { yes, all }: CloneFlags, io: Io): Promise<void> {
  const shown = renderClonePlan(preview, { style: io.errorStyle, width: io.width, isWhole: all === true });
  return requireAgreement(asked, shown, yes, io);
}

/** What is written says where and what, never a value of a Secret. */
function toJson({ plan, server, context, isThere, tried, made, removed }: CloneAnswer): JsonObject {
  const { objects, ...told } = plan;
  const written = objects.map(({ place: { groupResource, namespace, name }, object }) => ({
    apiVersion: object['apiVersion'],
    kind: object['kind'],
    groupResource,
    namespace,
    name,
  }));
  const result =
    made === undefined
      ? { ...tried }
      : {
          counts: made.counts,
          items: made.items,
          filled: made.volumes,
          warnings: made.warnings,
          unready: made.readiness?.unready ?? [],
          restarted: made.readiness?.restarted ?? [],
          removed,
        };
  return {
    schema: 'nowwhat.dev/clone/v1',
    server,
    context,
    isThere,
    dryRun: made === undefined,
    ...told,
    objects: written,
    ...result,
  } as unknown as JsonObject;
}

function render(answer: CloneAnswer, flags: CloneFlags, io: Io): string {
  if (flags.output === 'json') return `${renderJson(toJson(answer), 2)}\n`;
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const look = { style, width: parseWidth(flags.width, io.width), isWhole: flags.all === true };
  const { toContext: context = flags.context, toKubeconfig: kubeconfig = flags.kubeconfig } = flags;
  return renderClone(answer, { ...look, cluster: { ...toNamedCluster(flags), context, kubeconfig } });
}

/** Exit status 1 where something could not be made, or is not ready in time. */
export async function runClone(
  namespace: string | undefined,
  name: string | undefined,
  flags: CloneFlags,
  io: Io,
): Promise<number> {
  if (namespace === undefined || name === undefined)
    throw new UserError(
      'invalid-option',
      'a clone needs two names: the namespace that is copied, and the new one',
      'Write: nowwhat clone NAMESPACE NEW --context NAME.',
    );
  const { stdin, environment, today } = io;
  const order = await toOrder(namespace, name, flags, io);
  const answer = await runTidily(io, flags.quiet ?? false, ({ progress, onTidy }) =>
    cloneApp(
      order,
      { stdin, environment, today, progress },
      {
        now: Date.now,
        onTidy,
        agree: quietly(progress, (preview) => agree(preview, flags, io)),
      },
    ),
  );
  await writeOutput(render(answer, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  const { made } = answer;
  return made !== undefined && made.counts.failed + (made.readiness?.unready.length ?? 0) > 0 ? 1 : 0;
}
