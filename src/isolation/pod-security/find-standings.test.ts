// Which level each namespace can enforce, what stands in the way and who makes it, and the labels that follow from it.

import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { findBreakingPods, findStandings, planLabels } from '../index.ts';

const strict =
  'securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}';
const loose = 'securityContext: {}';
const privileged = 'securityContext: {privileged: true}';

function deployment(namespace: string, context: string, name = 'web'): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}, uid: d}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: web, image: "a:1", ${context}}]}
`;
}

function namespace(name: string, labels = ''): string {
  return `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n`;
}

function standings(text: string) {
  return findStandings(createInventory(snapshotOf(text)), 34);
}

const enforce = (level: string, version = 'v1.34'): string =>
  `pod-security.kubernetes.io/enforce: ${level}, pod-security.kubernetes.io/enforce-version: ${version}`;

describe('the level that a namespace can hold', () => {
  it.each([
    [strict, 'restricted'],
    [loose, 'baseline'],
    [privileged, 'privileged'],
  ])('with %s is %s', (context, level) => {
    expect(standings(deployment('shop', context))).toMatchObject([{ namespace: 'shop', holds: level, judged: 1 }]);
  });

  it('is that of its weakest workload, and each namespace has its own', () => {
    const text = deployment('shop', strict) + deployment('shop', loose, 'api') + deployment('blog', strict);
    expect(standings(text).map(({ namespace: name, holds }) => [name, holds])).toEqual([
      ['blog', 'restricted'],
      ['shop', 'baseline'],
    ]);
  });

  it('is restricted where nothing runs, and not told of namespaces of Kubernetes', () => {
    expect(standings(namespace('empty') + namespace('kube-system'))).toMatchObject([
      { namespace: 'empty', holds: 'restricted', judged: 0, labels: {} },
    ]);
  });

  it('follows the version of the policy', () => {
    const host = `---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: [{name: a, livenessProbe: {httpGet: {host: 10.0.0.1, port: 1}}}]}\n`;
    const at = (minor: number) => findStandings(createInventory(snapshotOf(host)), minor)[0]?.holds;
    expect([at(33), at(34)]).toEqual(['baseline', 'privileged']);
  });
});

describe('what stands in the way', () => {
  it('is told by workload and control, at its line', () => {
    const [shop] = standings(deployment('shop', privileged));
    expect(shop?.blockers).toMatchObject([
      { control: 'privileged', container: 'web', subject: { kind: 'Deployment', name: 'web' }, position: { line: 9 } },
    ]);
    const [baseline] = standings(deployment('shop', loose));
    expect(baseline?.blockers.map(({ control }) => control)).toEqual([
      'allowPrivilegeEscalation',
      'runAsNonRoot',
      'seccompProfile_restricted',
      'capabilities_restricted',
    ]);
  });

  it('names who makes a workload, also where the input does not hold it', () => {
    const owned = deployment('shop', loose).replace(
      'uid: d',
      'ownerReferences: [{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, name: main, controller: true}]',
    );
    expect(standings(owned)[0]?.blockers[0]?.madeBy).toEqual({
      group: 'monitoring.coreos.com',
      kind: 'Prometheus',
      name: 'main',
    });
    expect(standings(deployment('shop', loose))[0]?.blockers[0]).not.toHaveProperty('madeBy');
  });

  it('is found in pods too, where something in the cluster puts it into them', () => {
    const pod = (name: string, containers: string): string =>
      `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d, controller: true}]}\nspec: {containers: [${containers}]}\n`;
    const web = `{name: web, image: "a:1", ${strict}}`;
    const sidecar = '{name: proxy, image: "p:1", securityContext: {capabilities: {add: [NET_ADMIN]}}}';
    const clean = deployment('shop', strict) + pod('web-1', web);
    expect(standings(clean)).toMatchObject([{ holds: 'restricted', judged: 2 }]);
    const injected =
      deployment('shop', strict) + pod('web-1', `${web}, ${sidecar}`) + pod('web-2', `${web}, ${sidecar}`);
    expect(standings(injected)).toMatchObject([
      {
        holds: 'privileged',
        blockers: [
          {
            control: 'capabilities_baseline',
            container: 'proxy',
            subject: { kind: 'Deployment' },
            addedInCluster: true,
          },
        ],
      },
    ]);
    const inventory = createInventory(snapshotOf(injected));
    const breaking = (level: 'baseline' | 'privileged') =>
      findBreakingPods(inventory, { namespace: 'shop', level, minor: 34 });
    expect(breaking('baseline')).toEqual(['web-1', 'web-2']);
    expect(breaking('privileged')).toEqual([]);
  });
});

describe('of a cluster', () => {
  const text = deployment('shop', strict) + namespace('shop') + namespace('other');

  it('only the namespaces whose pods were read are told', () => {
    const names = (namespaces: readonly string[]) =>
      findStandings(createInventory(clusterOf(text, { namespaces })), 34).map((each) => each.namespace);
    expect(names(['shop'])).toEqual(['shop']);
    expect(names([])).toEqual(['other', 'shop']);
  });

  it('what may not be listed is named', () => {
    const notListed = [{ group: '', kind: 'Pod', resource: 'pods', namespace: '' }];
    expect(findStandings(createInventory(clusterOf(text, { notListed })), 34)[0]?.unseen).toEqual(['/Pod']);
  });
});

describe('the labels', () => {
  const plan = (text: string) => standings(text).flatMap((each) => planLabels(each, 34));
  const prefix = 'pod-security.kubernetes.io/';

  it('watch the next level, enforce what holds with a pinned version, and the next one once it is free', () => {
    expect(plan(namespace('shop') + deployment('shop', loose))).toMatchObject([
      {
        when: 'now',
        owner: 'cluster-administrator',
        labels: {
          [`${prefix}warn`]: 'restricted',
          [`${prefix}warn-version`]: 'latest',
          [`${prefix}audit`]: 'restricted',
          [`${prefix}audit-version`]: 'latest',
        },
      },
      { when: 'now', labels: { [`${prefix}enforce`]: 'baseline', [`${prefix}enforce-version`]: 'v1.34' } },
      { when: 'unblocked', labels: { [`${prefix}enforce`]: 'restricted', [`${prefix}enforce-version`]: 'v1.34' } },
    ]);
  });

  it('ask for nothing where restricted is enforced and pinned', () => {
    expect(plan(namespace('shop', enforce('restricted')) + deployment('shop', strict))).toEqual([]);
  });

  it('pin only the version, where the level is enforced and follows the cluster', () => {
    const pinned = [
      { title: 'Pin the version of restricted', when: 'now', labels: { [`${prefix}enforce-version`]: 'v1.34' } },
    ];
    expect(plan(namespace('shop', enforce('restricted', 'latest')) + deployment('shop', strict))).toMatchObject(pinned);
    const unversioned = namespace('shop', `${prefix}enforce: restricted`);
    const steps = plan(unversioned + deployment('shop', strict));
    expect(steps).toMatchObject(pinned);
    expect(Object.keys(steps[0]?.labels ?? {})).toEqual([`${prefix}enforce-version`]);
    // Also of a level that is stricter than what the pods of today hold.
    expect(plan(unversioned + deployment('shop', loose))).toMatchObject(pinned);
  });

  it('watch with what is missing only, and never more loosely than now', () => {
    const watched = (labels: string) => plan(namespace('shop', labels) + deployment('shop', loose))[0];
    expect(watched(`${prefix}warn: restricted`)).toMatchObject({
      title: 'Audit at restricted',
      labels: { [`${prefix}audit`]: 'restricted', [`${prefix}audit-version`]: 'latest' },
    });
    const old = `${prefix}warn: restricted, ${prefix}warn-version: v1.30, ${prefix}audit: restricted`;
    expect(watched(old)).toMatchObject({
      title: 'Let warn follow the newest rules',
      labels: { [`${prefix}warn-version`]: 'latest' },
    });
    const loud = `${prefix}warn: restricted, ${prefix}audit: restricted`;
    const privilegedPlan = plan(namespace('shop', loud) + deployment('shop', privileged)).map(({ title }) => title);
    expect(privilegedPlan).toEqual(['Enforce baseline']);
  });

  it('never take back a stricter level, nor enforce privileged', () => {
    const stricter = plan(namespace('shop', enforce('restricted')) + deployment('shop', loose));
    expect(stricter).toEqual([]);
    const titles = plan(namespace('shop') + deployment('shop', privileged)).map(({ title }) => title);
    expect(titles).toEqual(['Warn and audit at baseline', 'Enforce baseline']);
  });
});
