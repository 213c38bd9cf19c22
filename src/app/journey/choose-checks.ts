// Which checks run: all, some by name, or those of a profile; without what nowwhat.yaml switches off.

import { builtInChecks, type Check } from '../../checks/index.ts';
import { type Severity, UserError } from '../../model/index.ts';
import { configError } from '../config/config-error.ts';
import type { LoadedConfig } from '../config/read-config.ts';
import { adviseName } from '../suggest-name.ts';

export interface CheckWish {
  /** Only these checks. */
  readonly only?: readonly string[] | undefined;
  /** All but these. */
  readonly skip?: readonly string[] | undefined;
  /** The checks of a profile instead, such as `pod-security/restricted@v1.30`. */
  readonly profile?: string | undefined;
}

export interface ChosenChecks {
  readonly checks: readonly Check[];
  /** Severities that the settings give instead of the checks' own. */
  readonly severities: ReadonlyMap<string, Severity>;
  /** What the settings change, with the reasons. */
  readonly notices: readonly string[];
}

/** Throws `UserError` for a name that is no check's. */
export function requireKnown(ids: readonly string[], known: readonly string[]): void {
  const wrong = ids.find((id) => !known.includes(id));
  if (wrong === undefined) return;
  const advice = adviseName(wrong, known, 'Run `nowwhat checks` for the list.');
  throw new UserError('unknown-check', `no check is called "${wrong}"`, advice);
}

/** Names in the settings, where they stand in the file: an exception of a check that does not exist would hide nothing for ever. */
function requireKnownInSettings(
  { file = 'nowwhat.yaml', source, config }: LoadedConfig,
  known: readonly string[],
): void {
  const named = [
    ...Object.keys(config.checks ?? {}).map((id) => ({ id, path: ['checks', id] })),
    ...(config.choices ?? []).map(({ check }, index) => ({ id: check, path: ['choices', index, 'check'] })),
    ...(config.exceptions ?? []).map(({ check }, index) => ({ id: check, path: ['exceptions', index, 'check'] })),
  ];
  const wrong = named.find(({ id }) => !id.includes('*') && !known.includes(id));
  if (wrong === undefined) return;
  const hint = adviseName(wrong.id, known, 'Run `nowwhat checks` for the list.');
  throw configError(file, source, { path: wrong.path, what: `names no check; ${hint}` });
}

async function readCustomChecks({ customChecks }: LoadedConfig['config']): Promise<readonly Check[]> {
  if (customChecks === undefined) return [];
  const { parseCustomChecks } = await import('../../checks/custom/index.ts');
  return parseCustomChecks(customChecks, new Set(builtInChecks.map(({ meta }) => meta.id)));
}

async function checksOf({ profile }: CheckWish, own: readonly Check[]): Promise<readonly Check[]> {
  if (profile === undefined) return own;
  const { checksOfProfile } = await import('../../checks/pod-security/index.ts');
  return checksOfProfile(profile);
}

function describeSettings({ checks = {} }: LoadedConfig['config']): string[] {
  return Object.entries(checks).map(([id, { skip, severity, reason }]) =>
    skip === undefined ? `${id} counts as ${severity}: ${reason}` : `${id} is switched off: ${skip}`,
  );
}

export async function chooseChecks(wish: CheckWish, settings: LoadedConfig): Promise<ChosenChecks> {
  const journeyChecks = [...builtInChecks, ...(await readCustomChecks(settings.config))];
  const all = await checksOf(wish, journeyChecks);
  const known = [...new Set([...journeyChecks, ...all].map(({ meta }) => meta.id))];
  requireKnown([...(wish.only ?? []), ...(wish.skip ?? [])], known);
  requireKnownInSettings(settings, known);
  const own = Object.entries(settings.config.checks ?? {});
  const off = new Set([...(wish.skip ?? []), ...own.filter(([, { skip }]) => skip !== undefined).map(([id]) => id)]);
  const only = wish.only === undefined ? undefined : new Set(wish.only);
  return {
    // A check that is asked for by name runs, also where the settings switch it off.
    checks: all.filter(({ meta: { id } }) => (only === undefined ? !off.has(id) : only.has(id))),
    severities: new Map(own.flatMap(([id, { severity }]) => (severity === undefined ? [] : [[id, severity] as const]))),
    notices: describeSettings(settings.config),
  };
}
