// What counts as a slip, and what is left to a person.

import { describe, expect, it } from 'vitest';
import { nearLabels } from './near-labels.ts';
import { nearName } from './near-name.ts';

describe('the name that was meant', () => {
  it.each([
    ['wbe', ['web', 'api'], 'web'],
    ['Web', ['web'], 'web'],
    ['upload', ['uploads', 'cache'], 'uploads'],
    ['redis', ['postgres'], undefined],
    ['web', ['web'], undefined],
    ['web-3', ['web-1', 'web-2'], undefined],
    ['', [''], undefined],
  ])('for %j among %j is %j', (name, names, meant) => {
    expect(nearName(name, names)).toBe(meant);
  });
});

describe('the labels that were meant', () => {
  const shop = { app: 'web', 'app.kubernetes.io/part-of': 'shop' };

  it.each([
    [{ app: 'wbe' }, [shop], { app: 'web' }],
    [{ ap: 'web' }, [shop], { app: 'web' }],
    [{ app: 'web', 'app.kubernetes.io/part-of': 'shpo' }, [shop], shop],
  ])('for %j are those of the only pods that nearly have them', (selector, candidates, meant) => {
    expect(nearLabels(selector, candidates)).toEqual(meant);
  });

  it('are not guessed where another pod is as near, or a label is missing', () => {
    expect(nearLabels({ app: 'web-3' }, [{ app: 'web-1' }, { app: 'web-2' }])).toBeUndefined();
    expect(nearLabels({ app: 'web', tier: 'front' }, [{ app: 'web' }])).toBeUndefined();
    expect(nearLabels({ app: 'queue' }, [shop])).toBeUndefined();
  });

  it('may be those of several workloads that share them', () => {
    expect(
      nearLabels({ app: 'wbe' }, [
        { app: 'web', slot: 'a' },
        { app: 'web', slot: 'b' },
      ]),
    ).toEqual({ app: 'web' });
  });
});
