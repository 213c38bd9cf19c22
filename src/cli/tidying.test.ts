import { describe, expect, it } from 'vitest';
import { gatherPassing } from '../app/passing.ts';
import { renderEnding, renderLeft, Tidying } from './tidying.ts';

const forever = new Promise<never>(() => undefined);

describe('what is to be removed when a signal ends the program', () => {
  it('is removed, the newest first, and only while its work goes on', async () => {
    const tidying = new Tidying();
    const removed: string[] = [];
    await tidying.whileRunning(
      () => void removed.push('done before'),
      () => Promise.resolve(),
    );
    void tidying.whileRunning(
      () => void removed.push('outer'),
      () =>
        tidying.whileRunning(
          () => void removed.push('inner'),
          () => forever,
        ),
    );
    await tidying.cleanUp();
    expect(removed).toEqual(['inner', 'outer']);
  });

  it('is gone at once where it needs no time', () => {
    const tidying = new Tidying();
    const removed: string[] = [];
    void tidying.whileRunning({ remove: () => forever, byHand: () => ['a'] }, () => forever);
    void tidying.whileRunning(
      () => void removed.push('file'),
      () => forever,
    );
    void tidying.cleanUp();
    expect(removed).toEqual(['file']);
  });

  it('is named with what removes it where it cannot be removed, or not yet', async () => {
    const tidying = new Tidying();
    const passing = gatherPassing();
    void tidying.whileRunning(passing, () => forever);
    expect(tidying.byHand()).toEqual([]);
    passing.remember({ remove: () => undefined, byHand: () => ['kubectl delete pod a'] });
    expect(renderEnding(tidying.byHand())).toContain('Once more ends at once');
    await tidying.cleanUp();
    expect(tidying.byHand()).toEqual([]);
    const refused = { remove: () => Promise.reject(new Error('no')), byHand: () => ['kubectl delete pod b'] };
    void tidying.whileRunning(refused, () => forever);
    await tidying.cleanUp();
    expect(renderLeft(tidying.byHand())).toContain('\n  kubectl delete pod b\n');
  });

  it('is not spoken of where there is nothing', () => {
    expect(renderEnding([]) + renderLeft([])).toBe('');
  });

  it('is removed of several, also after one that fails', async () => {
    const passing = gatherPassing();
    const removed: string[] = [];
    passing.remember({ remove: () => Promise.reject(new Error('no')), byHand: () => ['a'] });
    passing.remember({ remove: () => void removed.push('b'), byHand: () => ['b'] });
    await expect(passing.remove()).rejects.toThrow('no');
    expect([removed, passing.byHand()]).toEqual([['b'], ['a', 'b']]);
  });
});
