// Long-lived keys of a cloud in the settings of a workload, and the identity that would take their place.

import { type Inventory, type Workload } from '../../inventory/index.ts';
import { accountOf } from '../../inventory/rights/accounts.ts';
import { asArray, asObject, asString } from '../../model/index.ts';

export interface StaticKey {
  readonly workload: Workload;
  readonly variable: string;
  readonly provider: 'EKS' | 'GKE' | 'AKS';
  /** What a cluster of that provider offers instead; its place in the cloud is the user's decision. */
  readonly instead: string;
}

const variables: Readonly<Record<string, StaticKey['provider']>> = {
  AWS_ACCESS_KEY_ID: 'EKS',
  AWS_SECRET_ACCESS_KEY: 'EKS',
  GOOGLE_APPLICATION_CREDENTIALS: 'GKE',
  GOOGLE_CREDENTIALS: 'GKE',
  AZURE_CLIENT_SECRET: 'AKS',
  AZURE_STORAGE_KEY: 'AKS',
};

function insteadOf(provider: StaticKey['provider'], account: string): string {
  if (provider === 'EKS')
    return `EKS Pod Identity for ServiceAccount ${account}, or the annotation eks.amazonaws.com/role-arn on it with the ARN of a role`;
  if (provider === 'GKE')
    return `Workload Identity: the annotation iam.gke.io/gcp-service-account on ServiceAccount ${account} with the address of an account`;
  return `Entra Workload ID: the annotation azure.workload.identity/client-id on ServiceAccount ${account}, and the label azure.workload.identity/use: "true" on its pods`;
}

/** Of all workloads, each variable once. */
export function findStaticKeys(inventory: Inventory): StaticKey[] {
  return inventory.workloads.flatMap((workload) => {
    const names = workload.containers.flatMap(({ raw }) =>
      asArray(raw['env']).map((item) => asString(asObject(item)['name']) ?? ''),
    );
    const { namespace, name } = accountOf(workload);
    return [...new Set(names)].flatMap((variable) => {
      const provider = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
      if (provider === undefined) return [];
      return { workload, variable, provider, instead: insteadOf(provider, `${namespace}/${name}`) };
    });
  });
}
