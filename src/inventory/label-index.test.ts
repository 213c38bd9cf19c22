import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSelector, type Requirement, selectorOf } from '../kube/selectors.ts';
import { LabelIndex } from './label-index.ts';

interface Item {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

const indexOf = (items: readonly Item[]) =>
  new LabelIndex(items, ({ namespace, labels }) => [namespace, labels] as const);

const name = fc.constantFrom('a', 'b', 'c');
const item: fc.Arbitrary<Item> = fc.record({ namespace: name, labels: fc.dictionary(name, name) });
const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({
    key: name,
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    key: name,
    operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
    values: fc.constant([]),
  }),
);

describe('an index by labels', () => {
  it('finds what a look at each item finds, in the same order', () => {
    fc.assert(
      fc.property(fc.array(item), fc.array(requirement, { maxLength: 3 }), name, (items, requirements, namespace) => {
        const selector = selectorOf(requirements);
        const expected = items.filter((each) => each.namespace === namespace && selector.matches(each.labels));
        expect(indexOf(items).matching(namespace, selector)).toEqual(expected);
      }),
    );
  });

  it('looks only at the items that carry the rarest pair', () => {
    const items = [
      { namespace: 'shop', labels: { app: 'web', tier: 'front' } },
      { namespace: 'shop', labels: { app: 'web', tier: 'back' } },
      { namespace: 'shop', labels: { app: 'api', tier: 'front' } },
      { namespace: 'shop', labels: { app: 'web', tier: 'front', track: 'canary' } },
    ];
    const selector = compileSelector({ matchLabels: { app: 'web', tier: 'front', track: 'canary' } });
    let looks = 0;
    const counting = {
      ...selector,
      matches: (labels: Item['labels'] | undefined) => {
        looks += 1;
        return selector.matches(labels);
      },
    };
    expect(indexOf(items).matching('shop', counting as typeof selector)).toEqual([items[3]]);
    expect(looks).toBe(1);
  });

  it('knows the namespaces that hold something', () => {
    expect(
      indexOf([
        { namespace: 'a', labels: {} },
        { namespace: 'b', labels: { x: 'y' } },
      ]).namespaces(),
    ).toEqual(['a', 'b']);
    expect(indexOf([]).namespaces()).toEqual([]);
  });
});
