// What a backup store says of the app: backups that take in every namespace of it.

import { type Inventory, ownObjects } from '../../inventory/index.ts';
import { type BackupEvidence, shellCommand } from '../../model/index.ts';
import { includesNamespace, isOwnSchedule } from './backup-tools.ts';

const dayLength = 86_400_000;

/** Days between two ISO dates. */
export function daysSince(date: string, today: string): number {
  return Math.floor((Date.parse(today) - Date.parse(date)) / dayLength);
}

function namespacesOf(inventory: Inventory): string[] {
  const isOwn = ownObjects(inventory.snapshot);
  const own = inventory.workloads.filter(({ object }) => isOwn(object) && !isOwnSchedule(object));
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

/** How somebody does it to this app: with its cluster, namespaces and store where they are known, and with words in capitals where not. */
export function commandOf(inventory: Inventory, words: readonly string[], options: readonly string[]): string {
  const { cluster } = inventory.snapshot.facts;
  const namespaces = namespacesOf(inventory).filter((name) => name !== 'default' || cluster !== undefined);
  const store = (inventory.snapshot.evidence ?? []).find(({ about }) => about === 'backup')?.file;
  return shellCommand([
    ...words,
    '--context',
    cluster?.context ?? '.',
    ...(words[0] === 'drill' ? [] : ['-n', namespaces.join(',') || 'NAMESPACE']),
    ...options,
    '--store',
    store ?? 'STORE',
  ]);
}
