// One backup for a terminal: what was asked for, what is in it, and what went wrong.

import type { FoundBackup } from '../../app/drills/last-drill.ts';
import type { DescribedBackup, DumpRecord } from '../../backup/index.ts';
import { compileSelector, formatSelector } from '../../kube/selectors.ts';
import { asArray, asObject, isJsonObject, type Json, toText } from '../../model/index.ts';
import { hang, joinLines, padEnd, padStart } from '../layout.ts';
import { visible } from '../style.ts';
import { changeLines, movedLines, phaseText, sizeText, withoutDataLines } from './backup.ts';
import type { ProgramLook } from './look.ts';
import { dumpLines } from './hooks.ts';
import { count } from './words.ts';

/** Fields of Velero's spec that say what a backup is of, by what they are called here. */
const askedFor = {
  includedNamespaces: 'namespaces',
  excludedNamespaces: 'not namespaces',
  includedResources: 'resources',
  excludedResources: 'not resources',
  includedClusterScopedResources: 'of the cluster',
  excludedClusterScopedResources: 'not of the cluster',
  includedNamespaceScopedResources: 'in namespaces',
  excludedNamespaceScopedResources: 'not in namespaces',
  includeClusterResources: 'cluster too',
  labelSelector: 'labels',
  orLabelSelectors: 'any of labels',
} as const;

/** Selectors of labels as kubectl writes them. */
function valueText(value: Json): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (!isJsonObject(value)) return toText(value);
  return Object.keys(value).length === 0 ? '' : formatSelector(compileSelector(value));
}

function askedLines({ spec, schedule, expiration }: DescribedBackup, { width }: ProgramLook): string[] {
  const isSaid = (value: Json | undefined): value is Json =>
    value !== undefined && value !== null && valueText(value) !== '';
  const fields = Object.entries(askedFor).flatMap(([field, title]) => {
    const value = spec[field];
    return isSaid(value) ? [[title, valueText(value)] as const] : [];
  });
  const rows = [
    ...(asArray(spec['includedNamespaces']).length === 0 ? [['namespaces', 'all'] as const] : []),
    ...fields,
    ...(schedule === '' ? [] : [['schedule', schedule] as const]),
    ...(expiration === '' ? [] : [['expires', expiration] as const]),
  ];
  const widest = Math.max(...rows.map(([title]) => title.length));
  return rows.flatMap(([title, value]) => hang(`  ${padEnd(title, widest)}  `, visible(value), width));
}

export function resultLines(results: DescribedBackup['results'], look: ProgramLook): string[] {
  return (['errors', 'warnings'] as const).flatMap((part) => {
    const { cluster, velero, namespaces } = asObject(results[part]);
    const mark = part === 'errors' ? look.style.bad('✗') : look.style.warn('!');
    const ofNamespaces = Object.entries(asObject(namespaces)).flatMap(([name, each]) =>
      asArray(each).map((message) => `${name}: ${toText(message)}`),
    );
    const all = [...asArray(velero), ...asArray(cluster)].map(toText);
    return [...all, ...ofNamespaces].flatMap((message) => hang(`  ${mark} `, visible(message), look.width));
  });
}

function periodLine({ lists }: DescribedBackup): string[] {
  const from = lists.map((each) => each.from).toSorted()[0];
  const to = lists
    .map((each) => each.to)
    .toSorted()
    .at(-1);
  if (from === undefined || to === undefined) return [];
  const seconds = ((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1);
  return [
    `  objects read within ${seconds} s from ${from}: ${count(lists.length, 'list')}, each as it was at one moment`,
  ];
}

const mostVolumes = 20;

function describedVolumeLines({ volumes }: DescribedBackup): string[] {
  if (volumes.length === 0) return [];
  const lines = volumes.slice(0, mostVolumes).map(({ namespace, name, claim, hostPath, node, bytes }) => {
    const directory = hostPath === undefined ? `volume ${name}` : `directory ${hostPath} of the node ${node}`;
    return `    ${visible(namespace)}: ${visible(claim === undefined ? directory : `claim ${claim}`)}, ${sizeText(bytes)}`;
  });
  const more = volumes.length - mostVolumes;
  const rest = more > 0 ? [`    and ${more} more: -o json lists them`] : [];
  return [`  with the data of ${count(volumes.length, 'volume')}:`, ...lines, ...rest, ''];
}

function drillLine({ drill }: Pick<FoundBackup, 'drill'>): string[] {
  if (drill === undefined) return [];
  const words = drill.holds ? 'came back as it was' : 'did not come back as it was';
  return [`  in its last drill, ${visible(drill.time)}, it ${words}`];
}

export function renderDescribed(
  described: DescribedBackup & Pick<FoundBackup, 'drill'> & { readonly dumps: readonly DumpRecord[] },
  look: ProgramLook,
): string {
  const { name, items, madeBy, started, completed, kinds, files, results } = described;
  const bytes = files.reduce((sum, each) => sum + each.bytes, 0);
  const widest = Math.max(0, ...kinds.map(([, number]) => String(number).length));
  return joinLines([
    `  ${look.style.bold(visible(name))}  ${phaseText(described, look)}  ${count(items, 'object')}, ${sizeText(bytes)} in ${count(files.length, 'key')}, by ${madeBy}`,
    `  ${visible(started)} to ${visible(completed)}`,
    ...askedLines(described, look),
    ...periodLine(described),
    ...movedLines(described, look),
    ...drillLine(described),
    ...changeLines(described, look),
    '',
    ...kinds.map(([kind, number]) => `  ${padStart(String(number), widest)}  ${visible(kind)}`),
    ...(kinds.length === 0 ? [] : ['']),
    ...describedVolumeLines(described),
    ...withoutDataLines(described, look),
    ...dumpLines(described.dumps, sizeText),
    ...resultLines(results, look),
  ]);
}
