import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInventory, labelsOfPods, type Workload } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { compileSelector } from '../../kube/selectors.ts';
import { chooseSelectors } from '../index.ts';

type Labels = Record<string, string>;

interface Given {
  readonly name: string;
  readonly labels: Labels;
  readonly selector?: Labels;
  readonly kind?: 'Deployment' | 'CronJob' | 'Job' | 'Pod';
}

function manifestOf({ name, labels, selector = labels, kind = 'Deployment' }: Given): string {
  const spec = { containers: [{ name: 'a', image: 'a' }] };
  const template = { metadata: { labels }, spec };
  if (kind === 'Pod') return JSON.stringify({ apiVersion: 'v1', kind, metadata: { name, labels }, spec });
  if (kind === 'Job') return JSON.stringify({ apiVersion: 'batch/v1', kind, metadata: { name }, spec: { template } });
  const of =
    kind === 'Deployment'
      ? { apiVersion: 'apps/v1', spec: { selector: { matchLabels: selector }, template } }
      : { apiVersion: 'batch/v1', spec: { jobTemplate: { spec: { template } } } };
  return JSON.stringify({ kind, metadata: { name }, ...of });
}

function workloads(...given: Given[]): readonly Workload[] {
  return createInventory(snapshotOf(given.map(manifestOf).join('\n---\n'))).workloads;
}

function chosen(around: readonly Workload[], ...names: string[]): unknown[] {
  return chooseSelectors(
    around.filter(({ object }) => names.includes(object.name)),
    around,
  ).map(({ selector }) => selector);
}

const chart = (instance: string, version = '1'): Labels => ({
  'app.kubernetes.io/name': 'redis',
  'app.kubernetes.io/instance': instance,
  'app.kubernetes.io/version': version,
  'helm.sh/chart': 'redis-17',
});

/** As the pods have them: those of a CronJob get the name of a run. */
function podLabels(workload: Workload): Labels {
  const run = workload.object.kind === 'CronJob' ? { 'batch.kubernetes.io/job-name': `${workload.object.name}-1` } : {};
  return { ...labelsOfPods(workload), ...run };
}

describe('a selector for peers', () => {
  it('is the one of the controller itself, without what a release changes', () => {
    const around = workloads(
      { name: 'cart', labels: { ...chart('cart'), 'pod-template-hash': 'x' } },
      { name: 'web', labels: { app: 'web' } },
    );
    expect(chosen(around, 'cart')).toEqual([
      { matchLabels: { 'app.kubernetes.io/name': 'redis', 'app.kubernetes.io/instance': 'cart' } },
    ]);
  });

  it('keeps two releases of a chart apart, also where only one of them is in the input', () => {
    const around = workloads({ name: 'a', labels: chart('a') }, { name: 'b', labels: chart('b') });
    const [one] = chooseSelectors(around.slice(0, 1), around.slice(0, 1));
    const finds = compileSelector(one?.selector);
    expect([finds.matches(chart('a', '2')), finds.matches(chart('b'))]).toEqual([true, false]);
    expect(chosen(around, 'a')).toEqual([one?.selector]);
  });

  it('names a version only where nothing else tells workloads apart', () => {
    const reviews = (version: string): Given => ({ name: `reviews-${version}`, labels: { app: 'reviews', version } });
    const around = workloads(reviews('v1'), reviews('v2'), { name: 'web', labels: { app: 'web', version: 'v1' } });
    expect(chosen(around, 'web')).toEqual([{ matchLabels: { app: 'web' } }]);
    expect(chosen(around, 'reviews-v1')).toEqual([{ matchLabels: { app: 'reviews', version: 'v1' } }]);
    expect(chosen(around, 'reviews-v1', 'reviews-v2')).toEqual([{ matchLabels: { app: 'reviews' } }]);
    expect(chosen(around, 'reviews-v1', 'web')).toHaveLength(2);
  });

  it('adds labels of the template where the selector of a controller finds others too', () => {
    const around = workloads(
      { name: 'web', labels: { app: 'shop', part: 'web' }, selector: { app: 'shop' } },
      { name: 'report', labels: { app: 'shop', part: 'report' }, kind: 'CronJob' },
    );
    expect(chosen(around, 'web')).toEqual([{ matchLabels: { app: 'shop', part: 'web' } }]);
  });

  it('leaves out by the labels of others where its own are among theirs', () => {
    const around = workloads(
      { name: 'web', labels: { app: 'shop' } },
      { name: 'report', labels: { app: 'shop', part: 'report' }, kind: 'CronJob' },
    );
    expect(chosen(around, 'web')).toEqual([
      { matchLabels: { app: 'shop' }, matchExpressions: [{ key: 'part', operator: 'DoesNotExist' }] },
    ]);
  });

  it('tells whom it finds besides where the labels are the same', () => {
    const around = workloads({ name: 'one', labels: { app: 'shop' } }, { name: 'two', labels: { app: 'shop' } });
    const [choice] = chooseSelectors(around.slice(0, 1), around);
    expect(choice?.alsoFinds.map(({ object }) => object.name)).toEqual(['two']);
  });

  it('finds the pods of a Job by its name, and leaves pods of Jobs out where nothing else does', () => {
    const key = 'batch.kubernetes.io/job-name';
    const around = workloads(
      { name: 'web', labels: { app: 'shop' } },
      { name: 'migrate', labels: { app: 'shop' }, kind: 'Job' },
      { name: 'seed', labels: {}, kind: 'Job' },
    );
    expect(chosen(around, 'seed')).toEqual([{ matchLabels: { [key]: 'seed' } }]);
    expect(chosen(around, 'migrate')).toEqual([{ matchLabels: { app: 'shop', [key]: 'migrate' } }]);
    expect(chosen(around, 'web')).toEqual([
      { matchLabels: { app: 'shop' }, matchExpressions: [{ key, operator: 'DoesNotExist' }] },
    ]);
  });

  it('finds its workloads always, and nobody that it does not tell of', () => {
    const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'version', 'team'), fc.constantFrom('a', 'b'), {
      minKeys: 1,
    });
    const given = fc.array(
      fc.record({
        labels,
        kind: fc.constantFrom('Deployment' as const, 'CronJob' as const, 'Job' as const, 'Pod' as const),
      }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(given, fc.integer({ min: 1, max: 3 }), (list, count) => {
        const around = workloads(...list.map((each, index): Given => ({ name: `w${index}`, ...each })));
        const targets = around.slice(0, count);
        const choices = chooseSelectors(targets, around);
        const found = around.filter((each) =>
          choices.some(({ selector }) => compileSelector(selector).matches(podLabels(each))),
        );
        const told = new Set([...targets, ...choices.flatMap(({ alsoFinds }) => alsoFinds)]);
        expect(new Set(found)).toEqual(told);
      }),
    );
  });
});
