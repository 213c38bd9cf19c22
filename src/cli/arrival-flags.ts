// Options of the commands that bring objects into a cluster, and what they mean: what is named otherwise there, which keys open a backup, and trying first.

import type { Command } from 'commander';
import { invalidOption } from './invalid-option.ts';
import { collectIds } from './options.ts';

export interface MappingFlags {
  readonly storageClassMappings?: readonly string[];
  readonly imageMappings?: readonly string[];
}

/** Keys for a backup. */
export interface OpeningFlags {
  readonly identity?: string;
  readonly key?: string;
}

export interface TryingFlags {
  readonly dryRun?: boolean;
  readonly checkImages?: boolean;
}

export function addMappingOptions(command: Command): Command {
  return command
    .option('--storage-class-mappings <pairs>', 'other storage classes: standard:fast', collectIds)
    .option('--image-mappings <pairs>', 'other images: registry.old=registry.new', collectIds);
}

export function addOpeningOptions(command: Command): Command {
  return command
    .option('--identity <file>', 'opens Secrets that were sealed: identities of age, as age-keygen writes them')
    .option('--key <file>', 'the backup must be signed, and this is the public key: ed25519, PEM');
}

export function addTryingOptions(command: Command, dryRun: string): Command {
  return command
    .option('--dry-run', dryRun)
    .option('--check-images', 'with --dry-run: ask registries for images that no node has, with the logins of docker');
}

/** `a:b` as a pair. Throws `UserError`. */
export function pairs(list: readonly string[] = [], separator = ':'): [string, string][] {
  return list.map((each) => {
    const at = each.indexOf(separator);
    if (at > 0 && at < each.length - 1) return [each.slice(0, at), each.slice(at + 1)];
    throw invalidOption(`"${each}" is not an old and a new name`, `Write OLD${separator}NEW.`);
  });
}

/** Throws `UserError`. */
export function toMappings({ storageClassMappings, imageMappings }: MappingFlags): {
  readonly storageClasses: ReadonlyMap<string, string>;
  readonly images: readonly (readonly [from: string, to: string])[];
} {
  return { storageClasses: new Map(pairs(storageClassMappings)), images: pairs(imageMappings, '=') };
}

/** Throws `UserError`. */
export function toTrying({ dryRun = false, checkImages = false }: TryingFlags): Required<TryingFlags> {
  if (checkImages && !dryRun)
    throw invalidOption(
      'images are only looked for before anything happens',
      'Add --dry-run, or leave --check-images out.',
    );
  return { dryRun, checkImages };
}
