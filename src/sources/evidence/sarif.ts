// SARIF 2.1.0 of scanners of images: Trivy, Grype, Snyk Container. The format has no place for images and fixes: each tool has its own.

import {
  asArray,
  asNumber,
  asObject,
  asString,
  type ImageEvidence,
  type JsonObject,
  type Vulnerability,
} from '../../model/index.ts';
import { dated, present, readDay, readDigest, readSeverity } from '../../kube/evidence/report-fields.ts';
import type { Reader } from './reader.ts';

function textOf(value: unknown): string {
  return asString(asObject(value)['text']) ?? '';
}

/** Value of a line `Name: value` in the text that Trivy puts into each result and Grype into each rule; `undefined` without such a line. */
function lineOf(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim();
}

/** Ranges of CVSS 3, which GitHub gives `security-severity` too. */
function severityOfScore(score: number): Vulnerability['severity'] {
  if (Number.isNaN(score) || score <= 0) return 'unknown';
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

function severityOf(text: string, rule: JsonObject): Vulnerability['severity'] {
  const named = readSeverity(lineOf(text, 'Severity'));
  if (named !== 'unknown') return named;
  const score = asObject(rule['properties'])['security-severity'];
  return severityOfScore(asNumber(score) ?? Number.parseFloat(asString(score) ?? ''));
}

function readFix(text: string): Pick<Vulnerability, 'fix' | 'fixed'> {
  const fixed = lineOf(text, 'Fixed Version') ?? lineOf(text, 'Fix Version');
  if (fixed === undefined) return { fix: 'unknown' };
  return fixed === '' ? { fix: 'none' } : { fix: 'available', fixed };
}

function readResult(result: JsonObject, rule: JsonObject): Vulnerability {
  const text = `${textOf(result['message'])}\n${textOf(rule['help'])}`;
  const ruleId = asString(result['ruleId']) ?? asString(rule['id']) ?? '';
  const name = lineOf(text, 'Package') ?? '';
  return {
    // Grype's rules are named after the vulnerability and the package.
    id: name !== '' && ruleId.endsWith(`-${name}`) ? ruleId.slice(0, -name.length - 1) : ruleId,
    severity: severityOf(text, rule),
    package: name,
    installed: lineOf(text, 'Installed Version') ?? lineOf(text, 'Version') ?? '',
    ...readFix(text),
  };
}

function rulesOf(driver: JsonObject): { readonly list: readonly JsonObject[]; readonly byId: Map<string, JsonObject> } {
  const list = asArray(driver['rules']).map((item) => asObject(item));
  return { list, byId: new Map(list.map((rule) => [asString(rule['id']) ?? '', rule])) };
}

function readResults(run: JsonObject, driver: JsonObject): Vulnerability[] {
  const { list, byId } = rulesOf(driver);
  return asArray(run['results']).map((item) => {
    const result = asObject(item);
    const index = asNumber(result['ruleIndex']);
    const rule = byId.get(asString(result['ruleId']) ?? '') ?? (index === undefined ? undefined : list[index]);
    return readResult(result, rule ?? {});
  });
}

/** Grype names the image in each location: `nginx:1.27@sha256:…:/usr/lib/x`. */
function namesInLocations(run: JsonObject): string[] {
  const locations = asArray(run['results']).flatMap((result) => asArray(asObject(result)['locations']));
  const names = locations
    .flatMap((location) => asArray(asObject(location)['logicalLocations']))
    .map(
      (item) => /^(.*?@(?:sha256:[0-9a-f]{64})?):\//.exec(asString(asObject(item)['fullyQualifiedName']) ?? '')?.[1],
    );
  return present(names.map((name) => name?.replace(/@$/, '')));
}

/** Snyk gives the image where others give a file. */
function namesOfSnyk(run: JsonObject): string[] {
  const locations = asArray(run['results']).flatMap((result) => asArray(asObject(result)['locations']));
  return present(
    locations.map((location) =>
      asString(asObject(asObject(asObject(location)['physicalLocation'])['artifactLocation'])['uri']),
    ),
  );
}

function namesOf(run: JsonObject, tool: string): { readonly images: string[]; readonly digests: string[] } {
  const properties = asObject(run['properties']);
  const texts = (key: string): (string | undefined)[] => asArray(properties[key]).map((item) => asString(item));
  const told = present([asString(properties['imageName']), ...texts('repoTags')]);
  const found = /grype/i.test(tool) ? namesInLocations(run) : /snyk container/i.test(tool) ? namesOfSnyk(run) : [];
  const images = told.length > 0 ? told : found.length === 1 ? found : [];
  return { images, digests: present([...images, ...texts('repoDigests')].map((text) => readDigest(text))) };
}

/** Trivy lists the kinds of findings in the names of its rules: a run about misconfigurations alone is no scan. */
function isScan(run: JsonObject, driver: JsonObject): boolean {
  const names = asArray(driver['rules']).map((rule) => asString(asObject(rule)['name']) ?? '');
  return (
    asArray(run['results']).length === 0 || !names.every((name) => /^(?:Misconfiguration|Secret|License)$/.test(name))
  );
}

function readRun(run: JsonObject, file: string): ImageEvidence[] {
  const driver = asObject(asObject(run['tool'])['driver']);
  const tool = asString(driver['name']) ?? 'SARIF';
  const { images, digests } = namesOf(run, tool);
  if (images.length === 0 || !isScan(run, driver)) return [];
  const [invocation] = asArray(run['invocations']).map((item) => asObject(item));
  const date = readDay(invocation?.['endTimeUtc']) ?? readDay(invocation?.['startTimeUtc']);
  return [
    {
      about: 'image',
      tool,
      ...dated(asString(driver['version']) ?? asString(driver['semanticVersion']), date),
      file,
      images,
      digests,
      vulnerabilities: readResults(run, driver),
    },
  ];
}

export const sarifReader: Reader = {
  what: 'SARIF report',
  recognises: ([report = {}]) =>
    Array.isArray(report['runs']) && asString(report['version'])?.startsWith('2.1') === true,
  advice: 'Give the JSON of the scanner instead: this SARIF does not name the image it is about.',
  read: ([report = {}], file) => asArray(report['runs']).flatMap((run) => readRun(asObject(run), file)),
};
