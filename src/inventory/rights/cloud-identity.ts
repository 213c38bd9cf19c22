// Identities in a cloud that pods have through their service account, by the annotations and labels of each provider.

import { readLabels, type Workload } from '../workload.ts';
import type { Inventory } from '../inventory.ts';
import { accountOf, findAccount } from './accounts.ts';
import { asArray, asObject, asString } from '../../model/index.ts';

export interface CloudIdentity {
  readonly provider: 'EKS' | 'GKE' | 'AKS';
  readonly mechanism: string;
  /** The role or account in the cloud. */
  readonly name: string;
  /** `role arn:… in AWS`. */
  readonly text: string;
  /** What else must be so for it to work, and is not; the end of a sentence. */
  readonly missing?: string;
}

type Marks = Readonly<Record<string, string>>;

/** IAM roles for service accounts. Source: the EKS user guide. */
function irsa(annotations: Marks): CloudIdentity | undefined {
  const name = annotations['eks.amazonaws.com/role-arn'];
  if (name === undefined) return undefined;
  return { provider: 'EKS', mechanism: 'IAM roles for service accounts', name, text: `role ${name} in AWS` };
}

/** Source: the GKE documentation of Workload Identity Federation. */
function gke(annotations: Marks): CloudIdentity | undefined {
  const name = annotations['iam.gke.io/gcp-service-account'];
  if (name === undefined) return undefined;
  return { provider: 'GKE', mechanism: 'Workload Identity', name, text: `service account ${name} in Google Cloud` };
}

/** The webhook acts on pods with the label alone. Source: the documentation of Microsoft Entra Workload ID. */
function aks(annotations: Marks, { labels }: Workload): CloudIdentity | undefined {
  const name = annotations['azure.workload.identity/client-id'];
  if (name === undefined) return undefined;
  const identity = { provider: 'AKS' as const, mechanism: 'Entra Workload ID', name, text: `client ${name} in Azure` };
  if (labels['azure.workload.identity/use'] === 'true') return identity;
  return {
    ...identity,
    missing: 'its pods lack the label azure.workload.identity/use: "true", without which they get no token',
  };
}

/** EKS Pod Identity needs no annotation: the agent gives pods variables and a token with this audience. */
function podIdentity({ spec }: Workload): CloudIdentity | undefined {
  const sources = asArray(spec['volumes']).flatMap((volume) =>
    asArray(asObject(asObject(volume)['projected'])['sources']),
  );
  const audiences = sources.map((source) => asString(asObject(asObject(source)['serviceAccountToken'])['audience']));
  if (!audiences.includes('pods.eks.amazonaws.com')) return undefined;
  const name = 'the role of its association';
  return {
    provider: 'EKS',
    mechanism: 'EKS Pod Identity',
    name,
    text: 'what its association with EKS Pod Identity says, in AWS',
  };
}

export function cloudIdentityOf(inventory: Inventory, workload: Workload): CloudIdentity | undefined {
  const account = findAccount(inventory, accountOf(workload));
  const annotations = readLabels(asObject(account?.raw['metadata'])['annotations']);
  return irsa(annotations) ?? gke(annotations) ?? aks(annotations, workload) ?? podIdentity(workload);
}
