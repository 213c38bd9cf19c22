// What the user says of the runs of a schedule, whatever they do: where, when, as whom, and how they open the store.

import type { RunsOrder } from '../../../app/schedules/schedule-order.ts';
import { toCronJobTime } from '../../../backup/index.ts';
import { requireAll } from '../../all-at-once.ts';
import { toClusterOnlyWish, toMilliseconds } from '../../flags.ts';
import { invalidOption } from '../../invalid-option.ts';
import type { Io } from '../../io.ts';
import { toPairs } from '../../selection-flags.ts';
import { requireStore } from '../../store-flags.ts';
import type { ChangeFlags } from '../plans/change-flags.ts';

export interface RunsFlags extends ChangeFlags {
  readonly schedule?: string;
  readonly store?: string;
  readonly image?: string;
  readonly imagePullSecret?: string;
  readonly credentialsSecret?: string;
  readonly copyCredentials?: boolean;
  readonly accountAnnotation?: readonly string[];
  readonly runWithin: string;
  readonly paused?: boolean;
  readonly skipImmediately?: boolean;
  readonly takeOver?: readonly string[];
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json' | 'yaml';
}

export function required(value: string | undefined, what: string, advice: string): string {
  if (value !== undefined && value !== '') return value;
  throw invalidOption(what, advice);
}

function imageOf({ image }: RunsFlags): string {
  return required(
    image,
    'no image was named: nowwhat is in no registry, so that runs need one that you have built',
    'Build one as docs/schedules.md shows, push it to a registry of yours, and name it with --image.',
  );
}

function credentialsOf(flags: RunsFlags): RunsOrder['credentials'] {
  const { credentialsSecret: name, copyCredentials, accountAnnotation = [] } = flags;
  const ways = [name !== undefined, copyCredentials === true, accountAnnotation.length > 0];
  if (ways.filter(Boolean).length !== 1)
    throw invalidOption(
      ways.some(Boolean) ? 'the store is opened in one way, not in two' : 'nothing says how runs open the store',
      'Name a Secret with --credentials-secret, have one made with --copy-credentials, or give the account an identity of the cloud with --account-annotation.',
    );
  if (name !== undefined) return { kind: 'secret', name };
  return { kind: copyCredentials === true ? 'copy' : 'account' };
}

function seconds(text: string): number {
  return Math.round(toMilliseconds(text, 60_000) / 1000);
}

function passwordOf({ environment }: Io): string | undefined {
  const password = environment['KOPIA_PASSWORD'];
  return password === '' ? undefined : password;
}

/** What the line leaves open, where a file says it. */
export interface RunsGiven extends Pick<RunsOrder, 'name' | 'schedule'> {
  readonly command: string;
  readonly paused?: boolean | undefined;
  readonly skipImmediately?: boolean | undefined;
}

/** Throws `UserError` with all that is missing or wrong at once. */
export function requireRuns(
  flags: RunsFlags,
  { name, schedule }: { readonly name: string | undefined; readonly schedule: string | undefined },
  io: Io,
): void {
  requireAll(
    () => required(name, 'the schedule has no name', 'Name it: schedule create NAME.'),
    () => toCronJobTime(requireTimes(schedule)),
    () => toClusterOnlyWish(flags),
    () => requireStore(flags, io),
    () => imageOf(flags),
    () => credentialsOf(flags),
    () => toPairs(flags.accountAnnotation),
    () => seconds(flags.runWithin),
    () => requireMakes(flags),
  );
}

/** Throws `UserError`. */
export function toRunsOrder(flags: RunsFlags, given: RunsGiven, io: Io): RunsOrder {
  const { name, schedule, command } = given;
  return {
    cluster: toClusterOnlyWish(flags),
    name,
    schedule,
    paused: flags.paused ?? given.paused ?? false,
    skipImmediately: flags.skipImmediately ?? given.skipImmediately ?? false,
    store: requireStore(flags, io),
    image: imageOf(flags),
    pullSecret: flags.imagePullSecret,
    credentials: credentialsOf(flags),
    password: passwordOf(io),
    accountAnnotations: toPairs(flags.accountAnnotation),
    runWithin: seconds(flags.runWithin),
    dryRun: flags.dryRun === true,
    takeOver: flags.takeOver ?? [],
    making: { command: `nowwhat schedule ${command} ${name}`, version: io.version, now: io.now() },
  };
}

/** Throws `UserError`. */
export function requireTimes(schedule: string | undefined): string {
  return required(schedule, 'nothing says when it runs', 'Say so: --schedule "0 2 * * *" is every night at two, UTC.');
}

/** Throws `UserError` for options that do not go together. */
export function requireMakes({ output, dryRun }: RunsFlags): void {
  if (output === 'yaml' && dryRun !== true) throw invalidOption('-o yaml prints what would be made', 'Add --dry-run.');
}
