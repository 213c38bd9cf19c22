// New objects of charts and kustomizations: what the chart decides stays a variable, what it does not stays as it is.

import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { JsonObject, KubeObject, NewObject } from '../../model/index.ts';
import type { Twin } from './aim.ts';
import { FileDrafts } from './file-drafts.ts';
import { createTemplates, withAffixes } from './new-in-unit.ts';

function object(raw: JsonObject): KubeObject {
  const origin = { kind: 'helm', unit: 'chart' } as const;
  const text = { file: 'a', text: JSON.stringify(raw), rendered: true };
  const [made] = parseManifests(text, { textIndex: 0, origin, namespace: 'default' }).objects;
  if (made === undefined) throw new Error('no object');
  return made;
}

const deployment = (release: string) =>
  object({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `${release}-web`, labels: { name: 'shop', instance: release, fixed: 'shop-db' } },
  });
const budget = (name: string): NewObject => ({
  raw: {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name },
    spec: { selector: { matchLabels: { name: 'shop', instance: 'shop', fixed: 'shop-db', other: 'shopping' } } },
  },
  beside: deployment('shop'),
});
const twins: readonly Twin[] = [{ object: deployment('shop'), other: deployment('other') }];

function templates(creates: readonly NewObject[], known: readonly Twin[] = twins, drafts = new FileDrafts()) {
  createTemplates(creates, { release: 'shop', folder: 'chart/templates', names: ['web.yaml'], twins: known }, drafts);
  return drafts.changed().map(({ file, after }) => [file, after] as const);
}

describe('a new template', () => {
  it('prints the name of the release where the chart does, and the name of the chart as it is', () => {
    const [[file, text] = []] = templates([budget('shop-web')]);
    expect(file).toBe('chart/templates/poddisruptionbudget.yaml');
    expect(text).toContain('  name: {{ .Release.Name }}-web\n');
    expect(text).toContain(
      '      name: shop\n      instance: {{ .Release.Name }}\n      fixed: shop-db\n      other: shopping\n',
    );
  });

  it('takes all that looks like the release for it, where nobody has seen another one', () => {
    const [[, text] = []] = templates([budget('shop-web')], []);
    expect(text).toContain('      name: {{ .Release.Name }}\n');
    expect(text).toContain('      fixed: {{ .Release.Name }}-db\n');
  });

  it('goes on with the file that an earlier round began', () => {
    const drafts = new FileDrafts();
    templates([budget('shop-web')], twins, drafts);
    const files = templates([budget('shop-api')], twins, drafts);
    expect(files.map(([file]) => file)).toEqual(['chart/templates/poddisruptionbudget.yaml']);
    expect(files[0]?.[1].split('---\n').map((each) => /name: (.*)/.exec(each)?.[1])).toEqual([
      '{{ .Release.Name }}-web',
      '{{ .Release.Name }}-api',
    ]);
  });
});

describe('a new object of a kustomization', () => {
  const nameIn = (name: string) =>
    withAffixes(budget(name), { prefix: 'prod-', suffix: '-v2' }).raw['metadata'] as JsonObject;

  it('has the affixes that all names get, once', () => {
    expect(nameIn('default-deny')).toEqual({ name: 'prod-default-deny-v2' });
    expect(nameIn('prod-web-v2')).toEqual({ name: 'prod-web-v2' });
    expect(nameIn('prod-web')).toEqual({ name: 'prod-prod-web-v2' });
  });
});
