// The text of a report to evidence: which format it is, judging by its content, and what it says.

import { parseYaml } from '../../kube/yaml/index.ts';
import { isJsonObject, type Evidence, type Json, type JsonObject } from '../../model/index.ts';
import { attestationReader, cosignReader } from './cosign.ts';
import { cycloneDxReader } from './cyclonedx.ts';
import { grypeReader } from './grype.ts';
import { kubeBenchReader } from './kube-bench.ts';
import { operatorReportsReader } from './operator-reports.ts';
import { probeReader } from './probe.ts';
import type { Reader, Report } from './reader.ts';
import { claimsKubernetes } from '../units/recognise.ts';
import { sarifReader } from './sarif.ts';
import { spdxReader } from './spdx.ts';
import { trivyKubernetesReader, trivyReader } from './trivy.ts';

const readers: readonly Reader[] = [
  trivyReader,
  trivyKubernetesReader,
  grypeReader,
  sarifReader,
  cycloneDxReader,
  spdxReader,
  cosignReader,
  attestationReader,
  kubeBenchReader,
  operatorReportsReader,
  probeReader,
];

/** All formats, for an error about a file that is none of them. */
export const knownFormats =
  'JSON of Trivy, Grype, cosign verify, kube-bench or nowwhat probe, SARIF 2.1, CycloneDX or SPDX of an image, or VulnerabilityReport objects';

export type ParsedEvidence =
  | { readonly outcome: 'evidence'; readonly what: string; readonly evidence: readonly Evidence[] }
  /** A known format that says nothing of an image or a cluster. */
  | { readonly outcome: 'nothing'; readonly what: string; readonly advice: string }
  | { readonly outcome: 'unknown-format' }
  | { readonly outcome: 'not-json'; readonly reason: string }
  | { readonly outcome: 'empty' };

function parseLines(text: string): Json[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return undefined;
  try {
    return lines.map((line) => JSON.parse(line) as Json);
  } catch {
    return undefined;
  }
}

/** Objects of the Trivy operator may come as YAML, as kubectl gives them. */
function parseObjects(text: string): readonly Json[] | undefined {
  if (!claimsKubernetes(text)) return undefined;
  const outcome = parseYaml(text);
  return outcome.ok ? outcome.parsed.values : undefined;
}

/** JSON, or JSON on each line as `cosign verify-attestation` prints it. */
function parseText(text: string): { readonly value: Json } | { readonly reason: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    const value = parseLines(text) ?? parseObjects(text);
    if (value !== undefined) return { value };
    // The engine quotes the file in its message, line breaks included: the reason alone is enough.
    const reason = error instanceof Error ? error.message.replace(/[\s,]*(?:\.\.\.)?".*$/s, '') : '';
    return { reason };
  }
}

function toReport(value: Json): Report {
  const list = Array.isArray(value) ? (value as readonly Json[]).flat() : [value];
  return list.filter((item): item is JsonObject => isJsonObject(item));
}

/** The reader of a format, and the pieces that it reads one by one. */
function findReader(report: Report): { readonly reader: Reader; readonly pieces: readonly Report[] } | undefined {
  if (report.length === 0) return undefined;
  for (const reader of readers) {
    const pieces = reader.isList === true ? [report] : report.map((item) => [item]);
    if (pieces.every((piece) => reader.recognises(piece))) return { reader, pieces };
  }
  return undefined;
}

/** Pure; never throws, whatever the text is. */
export function parseEvidence(text: string, file: string): ParsedEvidence {
  if (text.trim() === '') return { outcome: 'empty' };
  const parsed = parseText(text);
  if ('reason' in parsed) return { outcome: 'not-json', reason: parsed.reason };
  const report = toReport(parsed.value);
  const found = findReader(report);
  if (found === undefined) return { outcome: 'unknown-format' };
  const { what, advice = 'Scan the image itself, such as with `trivy image --format json`.', read } = found.reader;
  const evidence = found.pieces.flatMap((piece) => read(piece, file));
  return evidence.length === 0 ? { outcome: 'nothing', what, advice } : { outcome: 'evidence', what, evidence };
}
