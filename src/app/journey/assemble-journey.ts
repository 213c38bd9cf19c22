// From paths and wishes to the finished report: read, choose the checks, judge, compare with the thresholds.

import { dirname, resolve } from 'node:path';
import { type Gate, judgeGate, type Report, type Target } from '../../journey/index.ts';
import type { Owner, Snapshot } from '../../model/index.ts';
import type { ChecksProgress } from '../../checks/index.ts';
import { type CheckWish, chooseChecks } from './choose-checks.ts';
import type { Config } from '../config/config-schema.ts';
import { judge } from './judge.ts';
import { findRecordRoot, keepsRecords } from '../records/record-folder.ts';
import { readApp, type ReadApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';
import type { LoadedConfig } from '../config/read-config.ts';

export interface JourneyWish extends ReadWish, CheckWish {
  readonly target?: Target | undefined;
  readonly role?: Owner | undefined;
  readonly failOn?: Config['failOn'];
  readonly require: Gate['require'];
  /** File of a former report: only what it does not have counts. */
  readonly baselineFile?: string | undefined;
}

type Threshold = NonNullable<Config['failOn']>;

/** The settings' threshold is for the journey; a profile admits a pod or it does not. */
function toFailOn({ failOn, profile }: JourneyWish, config: Config): Gate['failOn'] {
  const threshold: Threshold = failOn ?? (profile === undefined ? config.failOn : undefined) ?? 'any';
  return threshold === 'any' ? 'low' : threshold;
}

function levelsOf({ require: levels = {} }: Config): Gate['require'] {
  return Object.fromEntries(Object.entries(levels).filter(([, level]) => level !== undefined));
}

async function loadBaseline({ baselineFile }: JourneyWish): Promise<Pick<Gate, 'baseline'>> {
  if (baselineFile === undefined) return {};
  const { readBaseline } = await import('./read-baseline.ts');
  return { baseline: await readBaseline(baselineFile) };
}

function tellProgress(objects: number, { done, of, findings, newest }: ChecksProgress): string {
  const first = newest === undefined ? '' : `: ${newest}`;
  return `judging ${objects} objects, ${done} of ${of} checks, ${findings} findings${first}`;
}

/** Reading proofs takes a schema and the client of a cluster: most journeys start without. */
async function loadProofs({ inputs }: JourneyWish, today: string, snapshot: Snapshot) {
  const root = await findRecordRoot(inputs[0] ?? '.');
  if (!keepsRecords(root)) return { fresh: [], notices: [] };
  const { findFreshProofs } = await import('../records/proofs.ts');
  return await findFreshProofs(root, { today, snapshot });
}

/** The store of the settings, as seen from their folder, or the one that the environment names. */
function storeOf({ file = '', config: { store } }: LoadedConfig, { environment }: Outside): string {
  if (store === undefined) return environment['NOWWHAT_STORE'] ?? '';
  return store.startsWith('s3://') ? store : resolve(dirname(file), store);
}

async function withSavedBackups(app: ReadApp, outside: Outside): Promise<ReadApp> {
  const place = storeOf(app.settings, outside);
  if (place === '') return app;
  outside.progress(`looking at the backups in ${place}`);
  const { readSavedBackups } = await import('../backups/saved-backups.ts');
  const { evidence, notices } = await readSavedBackups(place);
  const { snapshot } = app;
  const known = [...(snapshot.evidence ?? []), ...evidence];
  return { ...app, snapshot: { ...snapshot, evidence: known }, notices: [...app.notices, ...notices] };
}

export async function assembleJourney(wish: JourneyWish, outside: Outside): Promise<Report> {
  const baseline = await loadBaseline(wish);
  const read = await readApp(wish, outside);
  const { snapshot, settings, notices: told } = await withSavedBackups(read, outside);
  const { config } = settings;
  const { checks, severities, notices } = await chooseChecks(wish, settings);
  outside.progress(`judging ${snapshot.objects.length} objects`);
  const { allowedRegistries = [], exceptions = [] } = config;
  const proven = await loadProofs(wish, outside.today, snapshot);
  const report = await judge({
    snapshot,
    checks,
    severities,
    notices: [...told, ...notices, ...proven.notices],
    proofs: proven.fresh,
    exceptions,
    target: wish.target ?? config.target,
    options: { minor: snapshot.facts.minor, today: outside.today, allowedRegistries },
    role: wish.role,
    tell: (progress) => outside.progress(tellProgress(snapshot.objects.length, progress)),
  });
  const require = { ...levelsOf(config), ...wish.require };
  return judgeGate(report, { failOn: toFailOn(wish, config), require, ...baseline });
}
