// What a backup store says of the app: backups that take in every namespace of it.

import { type Inventory, ownObjects } from '../../inventory/index.ts';
import { type BackupEvidence, shellCommand } from '../../model/index.ts';
import { includesNamespace, isDrillSchedule, isOwnSchedule } from './backup-tools.ts';

const dayLength = 86_400_000;

/** Days between two ISO dates. */
export function daysSince(date: string, today: string): number {
  return Math.floor((Date.parse(today) - Date.parse(date)) / dayLength);
}

/** Namespaces of the app: those of its workloads, but for schedules of ours. */
export function namespacesOf(inventory: Inventory): string[] {
  const isOwn = ownObjects(inventory.snapshot);
  const own = inventory.workloads.filter(
    ({ object }) => isOwn(object) && !isOwnSchedule(object) && !isDrillSchedule(object),
  );
  return [...new Set(own.map(({ object }) => object.namespace))];
}

function findSaved(inventory: Inventory): readonly BackupEvidence[] {
  const evidence = inventory.snapshot.evidence ?? [];
  const namespaces = namespacesOf(inventory);
  return evidence
    .filter((each) => each.about === 'backup')
    .filter(({ spec }) => namespaces.every(includesNamespace(spec)))
    .toSorted((a, b) => (b.date ?? '').localeCompare(a.date ?? ''));
}

/** The newest first. */
export function savedBackups(inventory: Inventory): readonly BackupEvidence[] {
  return inventory.derive(findSaved);
}

/** Claims of the app whose data a backup lacks. */
export function lackingData({ withoutData }: BackupEvidence, inventory: Inventory): readonly string[] {
  const namespaces = new Set(namespacesOf(inventory));
  return withoutData.filter((claim) => namespaces.has(claim.slice(0, claim.indexOf('/'))));
}

function namespaceWords(inventory: Inventory): string[] {
  // Files that name no namespace say nothing of where they are applied.
  const isKnown = (name: string): boolean => name !== 'default' || inventory.snapshot.facts.cluster !== undefined;
  return ['-n', namespacesOf(inventory).filter(isKnown).join(',') || 'NAMESPACE'];
}

function storeWord({ snapshot: { evidence = [] } }: Inventory, word: string | undefined): string {
  const found = evidence.find(({ about }) => about === 'backup')?.file ?? 'STORE';
  // What runs in the cluster reaches no folder of this machine.
  return word === 'schedule' && !found.startsWith('s3://') ? 's3://BUCKET' : found;
}

/** How somebody does it to this app: with its cluster, namespaces and store where they are known, and with words in capitals where not. */
export function commandOf(inventory: Inventory, words: readonly string[], options: readonly string[]): string {
  const context = inventory.snapshot.facts.cluster?.context ?? '.';
  const about = words[0] === 'drill' ? [] : namespaceWords(inventory);
  return shellCommand([
    ...words,
    '--context',
    context,
    ...about,
    ...options,
    '--store',
    storeWord(inventory, words[0]),
  ]);
}
