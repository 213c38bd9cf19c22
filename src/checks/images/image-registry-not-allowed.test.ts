// Which images an allow-list of registries admits: the list comes from options, so the page cannot show it.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { runChecks } from '../run-checks.ts';
import { imageRegistryNotAllowed } from './image-registry-not-allowed.ts';

function judge(image: string, allowedRegistries: readonly string[]) {
  const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "${image}"}]}\n`;
  const results = runChecks([imageRegistryNotAllowed], createInventory(snapshotOf(text)), {
    minor: 34,
    today: '2026-01-15',
    allowedRegistries,
  });
  return results.outcomes[0]?.verdict;
}

describe('image-registry-not-allowed', () => {
  it('asks nothing where no list is given', () => {
    expect(judge('nginx', [])).toBe('not-applicable');
  });

  it.each([
    ['registry.example.com/shop/web:1', 'registry.example.com'],
    ['registry.example.com/shop/web:1', 'registry.example.com/shop/'],
    ['registry.example.com/shop/web:1', 'registry.example.com/shop/web'],
    ['registry.eu.example.com/shop/web:1', '*.example.com'],
    ['registry.eu.example.com/shop/web:1', '*.example.com/shop'],
    ['nginx:1.29', 'docker.io/library'],
    ['index.docker.io/library/nginx:1.29', 'docker.io'],
  ])('admits %s with %s', (image, entry) => {
    expect(judge(image, ['quay.io/other', entry])).toBe('pass');
  });

  it.each([
    ['registry.example.com.evil.test/shop/web:1', 'registry.example.com'],
    ['registry.example.com/shopping/web:1', 'registry.example.com/shop'],
    ['example.com/shop/web:1', '*.example.com'],
    ['badexample.com/shop/web:1', '*.example.com'],
    ['registry.example.com/shopping/web:1', '*.example.com/shop'],
    ['nginx:1.29', 'registry.example.com'],
    ['library/docker.io:1', 'docker.io/nginx'],
  ])('refuses %s with %s', (image, entry) => {
    expect(judge(image, [entry])).toBe('fail');
  });
});
