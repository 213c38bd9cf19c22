// Finds kubelets and kube-proxies that are too far from the server's version.

import { findNodes } from '../../inventory/index.ts';
import { type AppDiagnostic } from '../check.ts';
import { clusterCheck, notSeen } from '../cluster-check.ts';
import { groupNodes, machinesOf, nodesHidden } from './nodes.ts';

export const nodeVersionSkew = clusterCheck(
  {
    id: 'node-version-skew',
    family: 'control-plane',
    title: 'Nodes follow the version of the control plane',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'Kubernetes', id: 'Version skew policy' }],
    remediation: 'Upgrade the nodes, the control plane first.',
    minutes: 120,
    settledBy: 'a look at the target cluster',
  },
  {
    inFiles: 'which versions the nodes run cannot be seen in files',
    find: (view) => {
      const nodes = machinesOf(view);
      if (nodes === undefined) return notSeen('which versions the nodes run is not known', nodesHidden);
      const told = (what: string, evidence: string): AppDiagnostic => ({
        message: `${what} the API server supports: upgrades and new features break in ways nobody tests`,
        evidence: `${evidence}; the API server is ${view.serverVersion}`,
      });
      const old = nodes.filter(({ kubeletSkew }) => kubeletSkew === 'too-old');
      const newer = nodes.filter(({ kubeletSkew }) => kubeletSkew === 'newer');
      const proxies = findNodes(view).kubeProxies.filter(({ skew }) => skew === 'too-old' || skew === 'newer');
      const kubelets = [
        ...(old.length === 0
          ? []
          : [
              told(
                'kubelets are older than',
                groupNodes(old, ({ kubelet }) => kubelet),
              ),
            ]),
        ...(newer.length === 0
          ? []
          : [
              told(
                'kubelets are newer than',
                groupNodes(newer, ({ kubelet }) => kubelet),
              ),
            ]),
      ];
      const behind = proxies.map(({ skew, evidence }) =>
        told(`kube-proxy is ${skew === 'newer' ? 'newer' : 'older'} than`, evidence),
      );
      return [...kubelets, ...behind];
    },
  },
);
