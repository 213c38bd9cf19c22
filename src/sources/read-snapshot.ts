// From the user's paths to a snapshot: read the units, count each object once, and say what was left out.

import { stat } from 'node:fs/promises';
import { type ReadUnit, type Skipped, type Snapshot, UserError } from '../model/index.ts';
import { joinParts, type Part } from './part.ts';
import type { ReadOptions } from './read-options.ts';
import { readUnits } from './read-units.ts';
import { leaveOutDoubles } from './units/leave-out.ts';

async function checkValuesFiles({ helm, allowRemote }: ReadOptions): Promise<void> {
  for (const file of helm.values) {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) {
      if (!allowRemote)
        throw new UserError(
          'invalid-option',
          `--values ${file} would be fetched from the network`,
          'Fetch it yourself and give the file, or add --allow-remote.',
        );
      continue;
    }
    await stat(file).catch((cause: unknown) => {
      throw new UserError(
        'path-missing',
        `the values file ${file} does not exist`,
        'Give the path of a file that exists.',
        cause,
      );
    });
  }
}

function byFile(a: Skipped, b: Skipped): number {
  if (a.file === b.file) return 0;
  return a.file < b.file ? -1 : 1;
}

function nothingToRead(inputs: readonly string[], skipped: readonly Skipped[]): UserError {
  const looked = skipped.slice(0, 3).map(({ file, what }) => `${file} (${what})`);
  const more = skipped.length > 3 ? ` and ${skipped.length - 3} more` : '';
  const seen = looked.length === 0 ? '' : `; looked at ${looked.join(', ')}${more}`;
  return new UserError(
    'nothing-to-read',
    `${inputs.join(' ')} holds no Kubernetes object${seen}`,
    'Give a folder or file with manifests, a chart or a kustomization.',
  );
}

/** Files that objects come from, as the page counts them. */
function countFiles({ objects }: Part): number {
  return new Set(objects.map(({ source }) => source.file)).size;
}

function assemble(inputs: readonly string[], minor: number, part: Part, units: readonly ReadUnit[]): Snapshot {
  const { objects, unreadable, skipped, duplicateKeys, texts } = part;
  if (objects.length === 0 && unreadable.length === 0) throw nothingToRead(inputs, skipped);
  const facts = { inputs, files: countFiles(part), minor, units };
  return { objects, unreadable, skipped: [...skipped].sort(byFile), duplicateKeys, texts, facts };
}

/**
 * Reads everything the paths hold: files, folders, charts, kustomizations, `-` for standard input. What cannot be read is an unreadable of the
 * snapshot. Throws `UserError` where a path does not exist (`path-missing`), or nothing was found at all (`nothing-to-read`).
 */
export async function readSnapshot(inputs: readonly string[], options: ReadOptions): Promise<Snapshot> {
  await checkValuesFiles(options);
  const { units, before } = await readUnits(inputs, options);
  const kept = leaveOutDoubles(units);
  const part = joinParts([{ ...before, skipped: [...before.skipped, ...kept.skipped] }, ...kept.parts]);
  return assemble(inputs, options.minor, part, kept.units);
}
