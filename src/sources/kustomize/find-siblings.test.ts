import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { findSiblings } from './find-siblings.ts';

const kustomization = (...resources: string[]) => `resources: [${resources.join(', ')}]\n`;
const repository = {
  'apps/base/kustomization.yaml': kustomization('web.yaml'),
  'apps/base/web.yaml': 'kind: A\n',
  'apps/overlays/dev/kustomization.yaml': kustomization('../../base'),
  'apps/overlays/prod/kustomization.yaml': `${kustomization('../../base', 'own.yaml')}components: [../../parts/tls]\npatches: [{path: patch.yaml}]\n`,
  'apps/overlays/prod/own.yaml': 'kind: A\n',
  'apps/overlays/prod/patch.yaml': 'kind: A\n',
  'apps/parts/tls/kustomization.yaml': 'kind: Component\n',
  'clusters/far/kustomization.yaml': kustomization('../../apps/overlays/dev'),
  'other/kustomization.yaml': `${kustomization('a.yaml')}components: [../apps/parts/tls]\n`,
  'other/a.yaml': 'kind: A\n',
  'alone/kustomization.yaml': kustomization('b.yaml'),
  'alone/b.yaml': 'kind: B\n',
  'node_modules/x/kustomization.yaml': kustomization('../../apps/base'),
};

async function find(unit: string, files: Readonly<Record<string, string>> = repository, isRepository = true) {
  const folder = temporaryFolder(files);
  if (isRepository) mkdirSync(join(folder, '.git'));
  const found = await findSiblings(join(folder, unit), 1 << 20);
  return {
    siblings: found?.others.map((each) => `${relative(folder, each.folder)}${each.usesIt ? ' (whole)' : ''}`),
    own: [...(found?.ownFiles ?? [])].map((each) => relative(folder, each)),
    root: found === undefined ? undefined : relative(folder, found.root),
  };
}

describe('who shares a base', () => {
  it('is found all over the repository: overlays, users of overlays, and users of a component', async () => {
    expect(await find('apps/overlays/prod')).toEqual({
      siblings: ['clusters/far', 'other'],
      own: ['apps/overlays/prod/own.yaml', 'apps/overlays/prod/patch.yaml'],
      root: '',
    });
  });

  it('is whoever uses it, for a base', async () => {
    expect((await find('apps/base')).siblings).toEqual(['apps/overlays/prod (whole)', 'clusters/far (whole)']);
  });

  it('is nobody where nothing is shared', async () => {
    expect((await find('alone')).siblings).toEqual([]);
  });

  it('is looked for in the smallest folder that holds all, where there is no repository', async () => {
    expect(await find('apps/overlays/prod', repository, false)).toMatchObject({
      siblings: ['apps/overlays/dev'],
      root: 'apps',
    });
  });

  it('is not told where there is no kustomization', async () => {
    expect((await find('apps')).siblings).toBeUndefined();
  });
});
