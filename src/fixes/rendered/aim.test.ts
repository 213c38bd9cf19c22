import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { KubeObject } from '../../model/index.ts';
import { aimAt, namesOfRelease, type Twin } from './aim.ts';

interface Named {
  readonly kind?: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

function object({ kind = 'Deployment', name, labels = {} }: Named): KubeObject {
  const text = JSON.stringify({ apiVersion: 'apps/v1', kind, metadata: { name, labels } });
  const origin = { kind: 'helm', unit: 'chart' } as const;
  const [made] = parseManifests(
    { file: 'a', text, rendered: true },
    { textIndex: 0, origin, namespace: 'default' },
  ).objects;
  if (made === undefined) throw new Error('no object');
  return made;
}

function twins(...pairs: readonly (readonly [Named, Named])[]): Twin[] {
  return pairs.map(([own, other]) => ({ object: object(own), other: object(other) }));
}

function aim(all: readonly Twin[], index = 0) {
  const twin = all[index];
  return twin === undefined ? undefined : aimAt(twin.object, 'shop', all);
}

describe('a patch behind a chart', () => {
  it('needs no aim where the name is the same under every release', () => {
    expect(aim(twins([{ name: 'web' }, { name: 'web' }]))).toBeUndefined();
  });

  it('is aimed at what follows the name of the release', () => {
    const all = twins(
      [{ name: 'shop-web' }, { name: 'other-shop-web' }],
      [{ name: 'shop-api' }, { name: 'other-shop-api' }],
      [
        { kind: 'StatefulSet', name: 'shop-web' },
        { kind: 'StatefulSet', name: 'other-shop-web' },
      ],
    );
    expect(aim(all)).toEqual({ target: { kind: 'Deployment', name: '.*-web' }, name: 'web' });
  });

  it('is aimed at labels where the end of the name is that of another one as well', () => {
    const labels = (component: string, version: string) => ({
      'app.kubernetes.io/component': component,
      'app.kubernetes.io/version': version,
    });
    const all = twins(
      [
        { name: 'shop-web', labels: labels('web', '1') },
        { name: 'other-web', labels: labels('web', '1') },
      ],
      [
        { name: 'shop-old-web', labels: labels('old', '1') },
        { name: 'other-old-web', labels: labels('old', '1') },
      ],
    );
    expect(aim(all)).toEqual({
      target: { kind: 'Deployment', labelSelector: 'app.kubernetes.io/component=web' },
      name: 'web',
    });
  });

  it('is aimed at the kind where the release has one only', () => {
    const all = twins([{ name: 'shop' }, { name: 'other-shop' }]);
    expect(aim(all)).toEqual({ target: { kind: 'Deployment', name: '.*' }, name: 'shop' });
  });

  it('has no aim where only the name of the release tells two apart', () => {
    const all = twins(
      [
        { name: 'shop', labels: { instance: 'shop' } },
        { name: 'other', labels: { instance: 'other' } },
      ],
      [{ name: 'shop-web' }, { name: 'other-web' }],
    );
    expect(aim(all)).toBe('unknown');
  });

  it('knows the names that change with the release', () => {
    const all = twins([{ name: 'shop-web' }, { name: 'other-web' }], [{ name: 'fixed' }, { name: 'fixed' }]);
    expect([...namesOfRelease(all)]).toEqual(['shop-web']);
  });
});
