// Judges whether the target version still gets updates.

import { findRelease, isSupported } from '../../kube/versions.ts';
import { findProvider, type Inventory, viewOf } from '../../inventory/index.ts';
import { appCheck } from '../check.ts';

/** Managed services and OpenShift patch some versions a while longer, some for money. */
function vendorOf(inventory: Inventory): string | undefined {
  const { name, managed } = findProvider(viewOf(inventory));
  return managed === true || name === 'OpenShift' ? name : undefined;
}

/** None of them patches a version a year after everybody else stopped. */
function addYear(isoDate: string): string {
  return `${Number(isoDate.slice(0, 4)) + 1}${isoDate.slice(4)}`;
}

export const kubernetesVersionSupported = appCheck(
  {
    id: 'kubernetes-version-supported',
    family: 'control-plane',
    title: 'The target version of Kubernetes is supported',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'cluster-administrator',
    severity: 'high',
    references: [{ framework: 'NSA', id: 'Upgrading' }],
    remediation: 'Upgrade the cluster to a version that still gets security updates.',
    minutes: 240,
  },
  {
    applies: ({ options }) => findRelease(options.minor) !== undefined,
    find: ({ options: { minor, today }, inventory }) => {
      if (isSupported(minor, today)) return undefined;
      const end = findRelease(minor)?.endOfLife ?? '';
      const vendor = vendorOf(inventory);
      if (vendor !== undefined && today <= addYear(end))
        return {
          verdict: 'unknown',
          message: `the community patches Kubernetes 1.${minor} no more; whether ${vendor} still does is not known`,
          evidence: `end of life ${end}; would be settled by the support dates of ${vendor}`,
        };
      return { message: `Kubernetes 1.${minor} gets no more security updates`, evidence: `end of life ${end}` };
    },
  },
);
