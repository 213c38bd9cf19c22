// Reads the reports of other tools that the user gives, and those that lie among the manifests.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorCode, errorCodes, type Evidence, isIn, UserError } from '../../model/index.ts';
import { isMissing } from '../files/file-problem.ts';
import { readText } from '../files/read-text.ts';
import { emptyPart, joinParts, type Part, skippedPart } from '../part.ts';
import { operatorReportsReader } from './operator-reports.ts';
import { knownFormats, parseEvidence, type ParsedEvidence } from './parse-evidence.ts';

function invalid(what: string, advice: string): UserError {
  return new UserError('invalid-evidence', what, advice);
}

const expected = `Give ${knownFormats}.`;

function refuse(file: string, parsed: Exclude<ParsedEvidence, { outcome: 'evidence' }>): UserError {
  switch (parsed.outcome) {
    case 'empty':
      return invalid(`${file} is empty`, 'Run the tool again; it may have failed and written nothing.');
    case 'not-json':
      return invalid(`${file} is not JSON${parsed.reason === '' ? '' : ` (${parsed.reason})`}`, expected);
    case 'unknown-format':
      return invalid(`${file} is not a report of a known format`, expected);
    case 'nothing':
      return invalid(`${file} is a ${parsed.what} that says nothing of an image or a cluster`, parsed.advice);
  }
}

/** A report without a date is as old as its file. */
function withDate(evidence: Evidence, fileDate: string): Evidence {
  return evidence.date === undefined ? { ...evidence, date: fileDate } : evidence;
}

async function readWhole(file: string, maxBytes: number): Promise<string> {
  const read = await readText(file, file, maxBytes);
  if (read.ok) return read.text;
  const { code, reason, advice } = read.unreadable;
  const known = isIn(Object.keys(errorCodes) as ErrorCode[], code) ? code : 'invalid-evidence';
  throw new UserError(known, `the evidence ${file} cannot be read: ${reason}`, advice);
}

async function readFile(file: string, maxBytes: number): Promise<readonly Evidence[]> {
  const parsed = parseEvidence(await readWhole(file, maxBytes), file);
  if (parsed.outcome !== 'evidence') throw refuse(file, parsed);
  const { mtime } = await stat(file);
  return parsed.evidence.map((each) => withDate(each, mtime.toISOString().slice(0, 10)));
}

async function listFolder(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const files = names.filter((name) => /\.(?:json|jsonl|sarif|ya?ml)$/i.test(name)).sort();
  if (files.length > 0) return files.map((name) => join(folder, name));
  throw invalid(`the folder ${folder} holds no report`, expected);
}

async function readPath(path: string, maxBytes: number): Promise<Evidence[]> {
  const info = await stat(path).catch((cause: unknown) => {
    if (!isMissing(cause)) throw cause;
    throw new UserError('path-missing', `the evidence ${path} does not exist`, 'Give the path of a report.', cause);
  });
  const files = info.isDirectory() ? await listFolder(path) : [path];
  const evidence: Evidence[] = [];
  // One after the other: a large report is parsed as a whole, and two at a time would need twice the memory.
  for (const file of files) for (const each of await readFile(file, maxBytes)) evidence.push(each);
  return evidence;
}

/** The reports in files or folders that the user names as evidence. Throws `UserError` for what is none. */
export async function readEvidence(paths: readonly string[], maxBytes: number): Promise<Part> {
  const parts: Part[] = [];
  for (const path of paths) parts.push({ ...emptyPart, evidence: await readPath(path, maxBytes) });
  return joinParts(parts);
}

/** A text among the manifests that is a report: counted, and told as no manifest. `undefined` where it is none. Pure. */
export function findEvidence(file: string, text: string): Part | undefined {
  const parsed = parseEvidence(text, file);
  if (parsed.outcome === 'nothing') return skippedPart(file, `${parsed.what}; says nothing of an image`);
  if (parsed.outcome !== 'evidence') return undefined;
  // Kubernetes objects are read as such.
  if (parsed.what === operatorReportsReader.what) return undefined;
  return { ...skippedPart(file, `${parsed.what}; counts as evidence`), evidence: parsed.evidence };
}
