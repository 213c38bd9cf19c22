// Grype's own JSON: `grype IMAGE -o json`.

import { asArray, asObject, asString, type JsonObject, type Vulnerability } from '../../model/index.ts';
import { dated, present, readDay, readDigest, readSeverity } from '../../kube/evidence/report-fields.ts';
import type { Reader } from './reader.ts';

function readMatch(match: JsonObject): Vulnerability {
  const vulnerability = asObject(match['vulnerability']);
  const artifact = asObject(match['artifact']);
  const fix = asObject(vulnerability['fix']);
  const fixed = asArray(fix['versions'])
    .flatMap((item) => asString(item) ?? [])
    .join(', ');
  const known = { fixed: 'available', 'not-fixed': 'none', 'wont-fix': 'none' } as const;
  const state = asString(fix['state']) ?? '';
  return {
    id: asString(vulnerability['id']) ?? '',
    severity: readSeverity(vulnerability['severity']),
    package: asString(artifact['name']) ?? '',
    installed: asString(artifact['version']) ?? '',
    // An empty or unknown state means that the source of the data says nothing of a fix.
    fix: Object.hasOwn(known, state) ? known[state as keyof typeof known] : fixed === '' ? 'unknown' : 'available',
    ...(fixed === '' ? {} : { fixed }),
  };
}

export const grypeReader: Reader = {
  what: 'vulnerability report of Grype',
  recognises: ([report = {}]) => Array.isArray(report['matches']) && asObject(report['descriptor'])['name'] === 'grype',
  read: ([report = {}], file) => {
    const source = asObject(report['source']);
    if (source['type'] !== 'image') return [];
    const target = asObject(source['target']);
    const texts = (key: string): (string | undefined)[] => asArray(target[key]).map((item) => asString(item));
    const descriptor = asObject(report['descriptor']);
    const named = asString(target['userInput']);
    return [
      {
        about: 'image',
        tool: 'Grype',
        ...dated(asString(descriptor['version']), readDay(descriptor['timestamp'])),
        file,
        images: present([named, ...texts('tags')]),
        digests: present(
          [named, asString(target['manifestDigest']), ...texts('repoDigests')].map((text) => readDigest(text)),
        ),
        vulnerabilities: asArray(report['matches']).map((item) => readMatch(asObject(item))),
      },
    ];
  },
};
