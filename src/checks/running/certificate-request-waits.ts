// Finds requests for certificates of the cluster that nobody has approved.

import { type Inventory, viewOf } from '../../inventory/index.ts';
import { asString, groupBy, type KubeObject } from '../../model/index.ts';
import { appCheck, type AppDiagnostic, type CheckContext } from '../check.ts';
import { conditionsOf, metadataOf, specOf } from './live-check.ts';
import { minutesSince } from './seen-at.ts';

const kind = 'certificates.k8s.io/CertificateSigningRequest';
const patience = 10;

/** Without it the API server cannot trust a kubelet, and logs and exec fail. Source: TLS bootstrapping in the documentation of Kubernetes. */
const ofKubelets = 'kubernetes.io/kubelet-serving';

function requestsOf(inventory: Inventory): readonly KubeObject[] {
  return viewOf(inventory).live ? inventory.ofKind(kind) : [];
}

function isWaiting(request: KubeObject, context: CheckContext): boolean {
  return (
    conditionsOf(request).length === 0 && minutesSince(context, metadataOf(request)['creationTimestamp']) >= patience
  );
}

function wordOf(request: KubeObject, field: 'signerName' | 'username'): string {
  return asString(specOf(request)[field]) ?? 'unknown';
}

/** A kubelet asks again every few minutes: it is told once. */
function tell(requests: readonly KubeObject[]): AppDiagnostic[] {
  const last = requests.at(-1);
  if (last === undefined) return [];
  const signer = wordOf(last, 'signerName');
  const so = signer === ofKubelets ? 'its serving certificate is not one that the cluster trusts' : 'it goes without';
  return [
    {
      object: last,
      path: ['spec', 'signerName'],
      message: `"${wordOf(last, 'username')}" waits for a certificate, and ${so}`,
      evidence: `${requests.length} request${requests.length === 1 ? '' : 's'} to ${signer} without approval, the last one ${last.name}`,
    },
  ];
}

export const certificateRequestWaits = appCheck(
  {
    id: 'certificate-request-waits',
    family: 'running',
    title: 'Requests for certificates of the cluster are answered',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: 'Look at the request, then approve or deny it; install an approver for kubelets.',
    minutes: 15,
  },
  {
    applies: ({ inventory }) => requestsOf(inventory).length > 0,
    find: (context) => {
      const waiting = requestsOf(context.inventory).filter((request) => isWaiting(request, context));
      const bySubject = groupBy(
        waiting,
        (request) => `${wordOf(request, 'signerName')} ${wordOf(request, 'username')}`,
      );
      return [...bySubject.values()].flatMap(tell);
    },
  },
);
