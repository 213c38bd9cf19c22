// Builds a snapshot from YAML text in memory: for tests, page examples and anything else that already holds the text.

import type { Snapshot } from '../model/index.ts';
import { parseManifests } from '../kube/manifests/parse-manifests.ts';

/** A snapshot of one text, as if read from `app.yaml`; objects without a namespace go to `default`. */
export function snapshotOf(text: string, minor = 34): Snapshot {
  const source = { file: 'app.yaml', text, rendered: false };
  const origin = { kind: 'manifest', unit: 'app.yaml' } as const;
  const parsed = parseManifests(source, { textIndex: 0, origin, namespace: 'default' });
  return {
    objects: parsed.objects,
    unreadable: parsed.unreadable,
    skipped: [],
    duplicateKeys: parsed.duplicateKeys,
    redefinitions: [],
    texts: [source],
    facts: { inputs: ['app.yaml'], files: 1, minor },
  };
}
