import { describe, expect, it } from 'vitest';
import { closeService, fenceObject, isDrilled, isOnlyAsked } from './fence.ts';

const place = (groupResource: string, name = 'a') => ({ groupResource, namespace: 'shop', name });

describe('behind the fence of a drill', () => {
  it('a Service leads in from nowhere, and keeps its ports', () => {
    const service = {
      spec: {
        type: 'LoadBalancer',
        loadBalancerIP: '203.0.113.1',
        ports: [{ port: 80, nodePort: 30080 }],
        selector: { app: 'a' },
      },
    };
    expect(closeService(service)).toEqual({
      spec: { type: 'ClusterIP', ports: [{ port: 80 }], selector: { app: 'a' } },
    });
    const inner = { spec: { clusterIP: 'None', ports: [{ port: 80 }] } };
    expect(fenceObject(place('services'), inner)).toBe(inner);
  });

  it('pods leave the network of their node, where no policy would hold them, and its ports', () => {
    const spec = (more: object, port: object) => ({
      template: { spec: { ...more, containers: [{ name: 'a', ports: [{ containerPort: 80, ...port }] }] } },
    });
    const saved = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      spec: spec({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }, { hostPort: 80 }),
    };
    expect(fenceObject(place('daemonsets.apps'), saved)).toEqual({
      ...saved,
      spec: spec({ dnsPolicy: 'ClusterFirst' }, {}),
    });
    const plain = { ...saved, spec: spec({ dnsPolicy: 'None' }, {}) };
    expect(fenceObject(place('daemonsets.apps'), plain)).toEqual(plain);
  });

  it('nothing is made that opens it, acts by the clock, or is read by an operator', () => {
    for (const each of [
      'networkpolicies.networking.k8s.io',
      'ingresses.networking.k8s.io',
      'cronjobs.batch',
      'widgets.example.com',
    ])
      expect(isOnlyAsked(place(each)), each).toBe(true);
    for (const each of ['deployments.apps', 'configmaps', 'roles.rbac.authorization.k8s.io'])
      expect(isOnlyAsked(place(each)), each).toBe(false);
  });

  it('the namespace of a copy stays known as one, whatever labels were saved', () => {
    const saved = { metadata: { name: 'shop', labels: { team: 'a' } } };
    expect(fenceObject(place('namespaces', 'shop'), saved)).toEqual({
      metadata: { name: 'shop', labels: { team: 'a', 'nowwhat.dev/drill': 'true' } },
    });
  });

  it('controllers make what is theirs', () => {
    const owned = { metadata: { ownerReferences: [{ kind: 'ReplicaSet', controller: true }] } };
    expect(isDrilled(place('pods'), owned)).toBe(false);
    expect(isDrilled(place('pods'), { metadata: {} })).toBe(true);
    expect(isDrilled(place('configmaps', 'kube-root-ca.crt'), {})).toBe(false);
  });
});
