import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiResource, Discovery } from '../../api/index.ts';
import { resolveNames } from '../collect/choose-resources.ts';
import { compileSelection, type Selection } from '../collect/selection.ts';
import { type Access, accessOf, type AccessRule } from './access-rules.ts';

function resource(name: string, group = '', namespaced = true): ApiResource {
  const verbs = ['get', 'list', 'watch', 'create', 'delete'];
  const rest = { version: 'v1', singular: '', kind: name, shortNames: [], categories: [], subresources: [] };
  return { ...rest, group, resource: name, namespaced, verbs };
}

const discovery: Discovery = {
  failures: [],
  resources: [
    ...['pods', 'secrets', 'serviceaccounts', 'persistentvolumeclaims', 'configmaps'].map((each) => resource(each)),
    resource('namespaces', '', false),
    resource('persistentvolumes', '', false),
    resource('deployments', 'apps'),
    resource('networkpolicies', 'networking.k8s.io'),
    resource('certificates', 'cert-manager.io'),
    resource('priorityclasses', 'scheduling.k8s.io', false),
    resource('clusterroles', 'rbac.authorization.k8s.io', false),
    resource('clusterrolebindings', 'rbac.authorization.k8s.io', false),
    resource('customresourcedefinitions', 'apiextensions.k8s.io', false),
    resource('volumesnapshots', 'snapshot.storage.k8s.io'),
    resource('volumesnapshotcontents', 'snapshot.storage.k8s.io', false),
    resource('volumesnapshotclasses', 'snapshot.storage.k8s.io', false),
  ],
};

function access(selection: Selection, needs: Partial<Parameters<typeof accessOf>[0]> = {}): Access {
  const compiled = compileSelection(resolveNames(selection, discovery));
  const nothing = { savesVolumes: false, looksForVolumes: false, runsCommands: false };
  const noSnapshots = { snapshots: 'none', movesData: false, deletesBackups: false } as const;
  return accessOf({ discovery, selection: compiled, ...nothing, ...noSnapshots, ...needs });
}

/** `secrets: list watch` */
function told(rules: readonly AccessRule[]): string[] {
  return rules.flatMap(({ resources, verbs, resourceNames }) =>
    resources.map(
      (each) => `${each}: ${verbs.join(' ')}${resourceNames === undefined ? '' : ` of ${resourceNames.join(',')}`}`,
    ),
  );
}

describe('the rights of a run', () => {
  it('are those of its lists, in the namespaces that are named, and of what the objects need around', () => {
    const { namespaces, inNamespaces, inCluster } = access({ includedNamespaces: ['shop', 'queue'] });
    expect(namespaces).toEqual(['shop', 'queue']);
    expect(told(inNamespaces).toSorted()).toEqual(
      [
        'certificates',
        'configmaps',
        'deployments',
        'networkpolicies',
        'persistentvolumeclaims',
        'pods',
        'secrets',
        'serviceaccounts',
      ].map((each) => `${each}: list watch`),
    );
    expect(told(inCluster).toSorted()).toEqual([
      'clusterrolebindings: list',
      'clusterroles: get',
      'customresourcedefinitions: get of certificates.cert-manager.io',
      'namespaces: get of shop,queue',
      'persistentvolumes: get',
      'priorityclasses: get',
    ]);
  });

  it('shrink with the selection', () => {
    const { inNamespaces, inCluster } = access({
      includedNamespaces: ['shop'],
      includedResources: ['deployments', 'configmaps'],
    });
    expect(told(inNamespaces)).toEqual(['configmaps: list watch', 'deployments: list watch']);
    expect(told(inCluster)).toEqual(['namespaces: get of shop']);
    const without = access({ includedNamespaces: ['shop'], includeClusterResources: false });
    expect(told(without.inCluster)).toEqual(['namespaces: get of shop']);
    expect(
      told(access({ includedNamespaces: ['shop'], excludedResources: ['secrets'] }).inNamespaces).join(),
    ).not.toContain('secrets');
  });

  it('let objects of an order be asked for by name', () => {
    const { inNamespaces } = access({ includedNamespaces: ['shop'], orderedResources: { pods: 'shop/a' } });
    expect(told(inNamespaces)).toContain('pods: get list watch');
  });

  it('are of the whole cluster where only a look at all namespaces tells which', () => {
    for (const includedNamespaces of [['*'], ['team-*']]) {
      const { namespaces, inNamespaces, inCluster } = access({ includedNamespaces });
      expect([namespaces, inNamespaces]).toEqual([[], []]);
      expect(told(inCluster)).toEqual(expect.arrayContaining(['namespaces: list', 'secrets: list watch']));
    }
    // Of all namespaces, what is of the cluster itself is taken too.
    expect(told(access({}).inCluster)).toContain('persistentvolumes: get list watch');
  });

  it('let pods be made only where volumes are saved, and commands be run only where some are', () => {
    const plain = told(access({ includedNamespaces: ['shop'] }).inNamespaces).join();
    expect(plain).not.toMatch(/create|delete|exec/);
    const hooks = told(access({ includedNamespaces: ['shop'] }, { runsCommands: true }).inNamespaces);
    expect(hooks.filter((each) => /create|delete/.test(each))).toEqual(['pods/exec: get create']);
    const volumes = access({ includedNamespaces: ['shop'] }, { savesVolumes: true, looksForVolumes: true });
    expect(
      told(volumes.inNamespaces)
        .filter((each) => /create|delete/.test(each))
        .toSorted(),
    ).toEqual([
      'networkpolicies: list watch create',
      'pods/exec: get create',
      'pods: get list watch create delete',
      'secrets: list watch create',
    ]);
  });

  it('let snapshots be made only where some are taken, and their contents be changed only then', () => {
    const selection = { includedNamespaces: ['shop'] };
    const all = (needs: Parameters<typeof access>[1]): string[] => {
      const { inNamespaces, inCluster } = access(selection, needs);
      return told([...inNamespaces, ...inCluster]).filter((each) => /^volumesnap|^csidrivers/.test(each));
    };
    expect(all({})).toEqual([]);
    expect(all({ snapshots: 'looked for' })).toEqual(['volumesnapshotclasses: list']);
    expect(all({ snapshots: 'taken' })).toEqual([
      'volumesnapshots: get list create delete',
      'volumesnapshotclasses: get list',
      'volumesnapshotcontents: get patch delete',
    ]);
    expect(all({ snapshots: 'taken', deletesBackups: true })).toEqual(
      expect.arrayContaining(['volumesnapshotcontents: get create patch delete', 'csidrivers: get']),
    );
  });

  it('never have a wildcard, whatever is selected', () => {
    const lists = fc.subarray([
      'pods',
      'secrets',
      'deployments.apps',
      'certificates.cert-manager.io',
      'persistentvolumes',
    ]);
    const names = fc.constantFrom(undefined, ['*'], ['shop'], ['shop', 'queue'], ['team-*']);
    fc.assert(
      fc.property(
        lists,
        names,
        fc.boolean(),
        fc.boolean(),
        (included, includedNamespaces, savesVolumes, runsCommands) => {
          const selection = {
            includedResources: included,
            ...(includedNamespaces === undefined ? {} : { includedNamespaces }),
          };
          const { inNamespaces, inCluster } = access(selection, {
            savesVolumes,
            looksForVolumes: savesVolumes,
            runsCommands,
          });
          for (const rule of [...inNamespaces, ...inCluster])
            expect([...rule.apiGroups, ...rule.resources, ...rule.verbs]).not.toContain('*');
        },
      ),
    );
  });
});
