import { describe, expect, it } from 'vitest';
import { combineSelection } from './combine-selection.ts';
import type { FindResource } from './resolve-filters.ts';

const served = [
  ['po', 'pods', true],
  ['secrets', 'secrets', true],
  ['deploy', 'deployments.apps', true],
  ['pv', 'persistentvolumes', false],
  ['sc', 'storageclasses.storage.k8s.io', false],
] as const;

const find: FindResource = (name) => {
  const found = served.find(([short, full]) => short === name || full === name);
  return found && { fullName: found[1], namespaced: found[2] };
};

describe('resources that policies include and exclude', () => {
  it('come to those of the backup, in full', () => {
    const policy = { excludedNamespaceScopedResources: ['secrets'], includedClusterScopedResources: ['sc'] };
    expect(combineSelection({ includedNamespaces: ['shop'] }, policy, find)).toEqual({
      includedNamespaces: ['shop'],
      excludedNamespaceScopedResources: ['secrets'],
      includedClusterScopedResources: ['storageclasses.storage.k8s.io'],
    });
  });

  it('do not go against what the backup says, by whatever name it says it', () => {
    const policy = {
      excludedNamespaceScopedResources: ['pods'],
      includedNamespaceScopedResources: ['deployments.apps'],
    };
    const selection = { includedNamespaceScopedResources: ['po'], excludedNamespaceScopedResources: ['deploy'] };
    expect(combineSelection(selection, policy, find)).toEqual({
      includedNamespaceScopedResources: ['pods'],
      excludedNamespaceScopedResources: ['deployments.apps'],
    });
    expect(
      combineSelection(
        { includedNamespaceScopedResources: ['sec*'] },
        { excludedNamespaceScopedResources: ['secrets'] },
        find,
      ),
    ).toEqual({
      includedNamespaceScopedResources: ['sec*'],
    });
  });

  it('count only in their own scope', () => {
    expect(
      combineSelection({}, { excludedNamespaceScopedResources: ['pv'], includedClusterScopedResources: ['po'] }, find),
    ).toEqual({});
  });

  it('may not be unknown where they are all that is taken', () => {
    expect(combineSelection({}, { excludedNamespaceScopedResources: ['gadgets'] }, find)).toEqual({});
    expect(() => combineSelection({}, { includedNamespaceScopedResources: ['gadgets'] }, find)).toThrow(
      'serves no resource "gadgets"',
    );
  });

  it.each([{ includedResources: ['pods'] }, { excludedResources: ['pods'] }, { includeClusterResources: false }])(
    'are refused beside %j',
    (selection) => {
      expect(() => combineSelection(selection, { excludedNamespaceScopedResources: ['secrets'] }, find)).toThrow(
        'does not go together',
      );
    },
  );
});
