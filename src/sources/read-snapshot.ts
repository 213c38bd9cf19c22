// From the user's paths to a snapshot: read the units, count each object once, and say what was left out.

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Evidence, type ReadUnit, type Skipped, type Snapshot, UserError } from '../model/index.ts';
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

/** What was looked at instead, shortly: each reason once, with a file as example. */
function summarise(skipped: readonly Skipped[]): string {
  const byReason = new Map<string, string[]>();
  for (const { file, what } of skipped) {
    const files = byReason.get(what);
    if (files === undefined) byReason.set(what, [file]);
    else files.push(file);
  }
  const reasons = [...byReason].map(([what, [first = '', ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `${first}${more}: ${what}`;
  });
  const rest = reasons.length > 3 ? ` (${reasons.length - 3} more reasons)` : '';
  return reasons.length === 0 ? '' : ` (${reasons.slice(0, 3).join('; ')})${rest}`;
}

const inputText = (input: string): string => (input === '-' ? 'standard input' : input);

function nothingToRead(inputs: readonly string[], skipped: readonly Skipped[]): UserError {
  return new UserError(
    'nothing-to-read',
    `no Kubernetes object in ${inputs.map(inputText).join(' ')}${summarise(skipped)}`,
    'Give a folder or file with manifests, a chart or a kustomization.',
  );
}

/** Files that objects come from, as the page counts them. */
function countFiles({ objects }: Part): number {
  return new Set(objects.map(({ source }) => source.file)).size;
}

function assemble(
  inputs: readonly string[],
  minor: number,
  part: Part,
  units: readonly ReadUnit[],
): Omit<Snapshot, 'redefinitions'> {
  const { objects, unreadable, skipped, duplicateKeys, texts, evidence } = part;
  if (objects.length === 0 && unreadable.length === 0) throw nothingToRead(inputs, skipped);
  const facts = { inputs, files: countFiles(part), minor, units };
  return { objects, unreadable, skipped: [...skipped].sort(byFile), duplicateKeys, texts, evidence, facts };
}

/** The reports in files or folders that the user names. The reader is loaded where a report is given: most runs have none. */
export async function readGivenEvidence(paths: readonly string[], maxBytes: number): Promise<readonly Evidence[]> {
  if (paths.length === 0) return [];
  const { readEvidence } = await import('./evidence/read-evidence.ts');
  return (await readEvidence(paths, maxBytes)).evidence;
}

/** A report that is given and lies among the manifests counts once, as given: its date may be that of the file. */
function withGivenEvidence(part: Part, given: readonly Evidence[]): Part {
  const files = new Set(given.map(({ file }) => resolve(file)));
  return { ...part, evidence: [...part.evidence.filter(({ file }) => !files.has(resolve(file))), ...given] };
}

/**
 * Reads everything the paths hold: files, folders, charts, kustomizations, `-` for standard input. What cannot be read is an unreadable of the
 * snapshot. Throws `UserError` where a path does not exist (`path-missing`), or nothing was found at all
 * (`nothing-to-read`), or a file given as evidence is none (`invalid-evidence`).
 */
export async function readSnapshot(inputs: readonly string[], options: ReadOptions): Promise<Snapshot> {
  await checkValuesFiles(options);
  const given = await readGivenEvidence(options.evidence ?? [], options.maxFileBytes);
  const { units, before } = await readUnits(inputs, options);
  const kept = leaveOutDoubles(units);
  const part = joinParts([{ ...before, skipped: [...before.skipped, ...kept.skipped] }, ...kept.parts]);
  return {
    ...assemble(inputs, options.minor, withGivenEvidence(part, given), kept.units),
    redefinitions: kept.redefinitions,
  };
}
