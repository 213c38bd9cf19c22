// Judges whether etcd trusts an authority of its own, and not the one that signs for every user and node of the cluster.

import { appCheck } from '../check.ts';
import { settleUnseen } from './benchmark.ts';
import { findStarted, settledByControlPlane } from './component-flags.ts';

const problem =
  'trusts the authority of the whole cluster: every certificate that it signs opens the store of all Secrets';

export const etcdOwnAuthority = appCheck(
  {
    id: 'etcd-own-authority',
    family: 'control-plane',
    title: 'etcd trusts an authority of its own',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '2.7' }],
    remediation:
      'Sign the certificates of etcd and its clients with a CA that signs nothing else, and set --trusted-ca-file to it.',
    minutes: 60,
    settledBy: settledByControlPlane,
  },
  {
    find: ({ inventory }) => {
      const members = findStarted(inventory, 'etcd');
      const servers = findStarted(inventory, 'kube-apiserver');
      if (members.length === 0 || servers.length === 0)
        return settleUnseen(
          { check: 'etcd-own-authority', problem: `etcd ${problem}`, settledBy: settledByControlPlane },
          inventory,
        );
      const clusterWide = new Set(servers.map(({ flags }) => flags.get('client-ca-file')));
      return members.flatMap(({ flags, place, pod }) => {
        const file = flags.get('trusted-ca-file');
        if (file === undefined || !clusterWide.has(file)) return [];
        const where = place === undefined ? ` in pod ${pod}` : '';
        const evidence = `--trusted-ca-file is ${file}${where}, which is --client-ca-file of kube-apiserver too`;
        return [{ ...place, message: `etcd ${problem}`, evidence }];
      });
    },
  },
);
