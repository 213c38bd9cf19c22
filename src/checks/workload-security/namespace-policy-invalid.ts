// Finds Pod Security labels that the API server does not accept.

import { compromiseMeta } from './compromise-meta.ts';
import { namespaceLabelCheck } from './namespace-check.ts';
import { invalidLabels, levels } from './namespace-enforcement.ts';
import { nearName } from '../near-name.ts';
import { offer, way } from '../fix.ts';
import { toText, valueAt } from '../../model/index.ts';

/** `1.34`, `v1.34.2` and `34` are meant as `v1.34`. */
function versionMeant(text: string): string | undefined {
  const minor = /^v?(?:1\.)?(\d{1,2})(?:\.\d+)?$/.exec(text.trim())?.[1];
  return minor === undefined ? undefined : `v1.${minor}`;
}

export const namespacePolicyInvalid = namespaceLabelCheck(
  compromiseMeta({
    id: 'namespace-policy-invalid',
    title: 'Pod Security labels have values that exist',
    leg: 'deployment',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'Pod Security Admission' }],
    remediation: 'Use privileged, baseline or restricted as level, and latest or v1.N as version.',
    minutes: 5,
  }),
  (name, labels) =>
    invalidLabels(labels).map((label) => ({
      label,
      message: `namespace "${name}" is refused by the API server: its label "${label}" has a value that Pod Security does not know`,
    })),
  ({ raw }, { path = [] }, { options }) => {
    const written = toText(valueAt(raw, path));
    const isVersion = toText(path.at(-1)).endsWith('-version');
    const value = isVersion ? versionMeant(written) : nearName(written, levels);
    if (value !== undefined) return [{ op: 'set', path, value }];
    const values = isVersion ? [`v1.${options.minor}`, 'latest'] : levels;
    return offer(
      ...values.map((each) =>
        way(
          {
            id: each.replaceAll('.', '-'),
            leavesOpen: each === 'privileged' ? ['namespace-policy-privileged'] : [],
            title: `Write ${each}`,
            consequence: isVersion
              ? 'pods are held to the rules of that version'
              : `pods are held to the level ${each}`,
          },
          [{ op: 'set', path, value: each }],
        ),
      ),
    );
  },
);
