import { describe, expect, it } from 'vitest';
import type { ApiResource, Discovery } from '../../api/index.ts';
import { accessOfDrills } from './drill-rights.ts';

const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'];

function resource(name: string, group = '', namespaced = true): ApiResource {
  const rest = { version: 'v1', singular: '', kind: name, shortNames: [], categories: [], subresources: [] };
  return { ...rest, group, resource: name, namespaced, verbs };
}

const snapshots = 'snapshot.storage.k8s.io';

const discovery: Discovery = {
  failures: [],
  resources: [
    ...['pods', 'secrets', 'configmaps', 'events', 'resourcequotas'].map((each) => resource(each)),
    resource('namespaces', '', false),
    resource('nodes', '', false),
    resource('networkpolicies', 'networking.k8s.io'),
    resource('roles', 'rbac.authorization.k8s.io'),
    resource('clusterroles', 'rbac.authorization.k8s.io', false),
    resource('certificates', 'cert-manager.io'),
    resource('leases', 'coordination.k8s.io'),
  ],
};

const withSnapshots: Discovery = {
  failures: [],
  resources: [
    ...discovery.resources,
    resource('volumesnapshots', snapshots),
    resource('volumesnapshotcontents', snapshots, false),
    resource('volumesnapshotclasses', snapshots, false),
  ],
};

function access(needs: Partial<Parameters<typeof accessOfDrills>[0]> = {}) {
  const nothing = { restoresVolumes: false, runsCommands: false, asksPods: false };
  return accessOfDrills({ discovery, fences: ['shop-drill-weekly'], ...nothing, ...needs });
}

/** By resource, its verbs. */
function told(rules: ReturnType<typeof access>['inNamespaces']): Map<string, string> {
  return new Map(rules.flatMap(({ resources, verbs: own }) => resources.map((each) => [each, own.join(' ')] as const)));
}

describe('the rights of drills', () => {
  it('are behind their fence; outside of it only classes of storage are read, where data come back', () => {
    const { namespaces, inCluster } = access();
    expect(namespaces).toEqual(['shop-drill-weekly']);
    expect(inCluster).toEqual([]);
    expect(Object.fromEntries(told(access({ restoresVolumes: true }).inCluster))).toEqual({
      storageclasses: 'get list',
    });
  });

  it('are to make and remove what a backup holds, and to ask about what is not made', () => {
    const rules = told(access().inNamespaces);
    expect(rules.get('configmaps')).toBe('get list create patch delete');
    expect(rules.get('certificates')).toBe('list create');
    expect(rules.get('networkpolicies')).toBe('get list create');
    // Read in itself, and never changed.
    expect(rules.get('namespaces')).toBe('get');
    expect([...rules.keys()]).not.toEqual(expect.arrayContaining(['events']));
    expect([...rules.keys()]).not.toEqual(expect.arrayContaining(['nodes']));
    expect([...rules.keys()]).not.toEqual(expect.arrayContaining(['leases']));
  });

  it('let commands be run and pods be asked only where probes or data want it', () => {
    expect([...told(access().inNamespaces).keys()].filter((each) => each.includes('/'))).toEqual([]);
    expect(told(access({ runsCommands: true }).inNamespaces).get('pods/exec')).toBe('get create');
    expect(told(access({ restoresVolumes: true }).inNamespaces).get('pods/exec')).toBe('get create');
    expect(told(access({ asksPods: true }).inNamespaces).get('pods/portforward')).toBe('get create');
  });

  it('reach contents of snapshots only where data come back out of them', () => {
    expect(access({ discovery: withSnapshots }).inCluster).toEqual([]);
    const around = told(access({ discovery: withSnapshots, restoresVolumes: true }).inCluster);
    expect(Object.fromEntries(around)).toEqual({
      storageclasses: 'get list',
      volumesnapshotclasses: 'list',
      volumesnapshotcontents: 'get list create patch delete',
    });
  });

  it('never have a wildcard', () => {
    const { inNamespaces, inCluster } = access({ discovery: withSnapshots, restoresVolumes: true, runsCommands: true });
    for (const rule of [...inNamespaces, ...inCluster])
      expect([...rule.apiGroups, ...rule.resources, ...rule.verbs]).not.toContain('*');
  });
});
