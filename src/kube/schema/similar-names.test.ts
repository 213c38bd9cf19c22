import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closestName, editDistance, sameButSpelling } from './similar-names.ts';

describe('the edit distance', () => {
  test('is the same both ways, nothing only for equal texts, and at most the longer text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  test.each([
    ['image', 'imgae', 1],
    ['image', 'images', 1],
    ['image', 'imag', 1],
    ['image', 'imoge', 1],
    ['kitten', 'sitting', 3],
  ])('of %s and %s is %i', (a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected);
  });
});

describe('the closest name', () => {
  test('is the nearest one within a slip or two', () => {
    expect(closestName('replcas', ['selector', 'replicas', 'paused'])).toBe('replicas');
    expect(closestName('paths', ['path', 'pathType'])).toBe('path');
  });

  test('is none where names have little in common', () => {
    expect(closestName('tty', ['args', 'env', 'name'])).toBeUndefined();
    expect(closestName('sidecars', ['containers', 'volumes'])).toBeUndefined();
  });
});

test('case, plural and separators are spelling only', () => {
  const names = ['imagePullSecrets', 'command'];
  expect(sameButSpelling('image_pull_secret', names)).toBe('imagePullSecrets');
  expect(sameButSpelling('Commands', names)).toBe('command');
  expect(sameButSpelling('comand', names)).toBeUndefined();
});
