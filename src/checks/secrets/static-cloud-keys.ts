// Long-lived keys of a cloud in the settings of a workload, and the identity that would take their place.

import type { Inventory, Workload } from '../../inventory/index.ts';
import { accountOf } from '../../inventory/rights/accounts.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asObject, asString, type Path } from '../../model/index.ts';

export type CloudProvider = 'EKS' | 'GKE' | 'AKS';

export interface StaticKey {
  readonly workload: Workload;
  readonly container: PodContainer;
  readonly variable: string;
  readonly path: Path;
  readonly provider: CloudProvider;
  /** What a cluster of that provider offers instead; its place in the cloud is the user's decision. */
  readonly instead: string;
}

export const cloudKeyVariables: Readonly<Record<string, CloudProvider>> = {
  AWS_ACCESS_KEY_ID: 'EKS',
  AWS_SECRET_ACCESS_KEY: 'EKS',
  GOOGLE_APPLICATION_CREDENTIALS: 'GKE',
  GOOGLE_CREDENTIALS: 'GKE',
  AZURE_CLIENT_SECRET: 'AKS',
  AZURE_STORAGE_KEY: 'AKS',
};

function insteadOf(provider: CloudProvider, account: string): string {
  if (provider === 'EKS')
    return `EKS Pod Identity for ServiceAccount ${account}, or the annotation eks.amazonaws.com/role-arn on it with the ARN of a role`;
  if (provider === 'GKE')
    return `Workload Identity: the annotation iam.gke.io/gcp-service-account on ServiceAccount ${account} with the address of an account`;
  return `Entra Workload ID: the annotation azure.workload.identity/client-id on ServiceAccount ${account}, and the label azure.workload.identity/use: "true" on its pods`;
}

/** An address of its own (`AWS_ENDPOINT_URL`, `S3_ENDPOINT`): the keys are those of another store, which knows no identities of the cloud. */
export const ownEndpoint = /(?:^|_)ENDPOINT(?:_|$)/;

/** Each variable once in a container. */
export function staticKeysOf(container: PodContainer, workload: Workload): StaticKey[] {
  const names = asArray(container.raw['env']).map((item) => asString(asObject(item)['name']) ?? '');
  if (names.some((name) => ownEndpoint.test(name))) return [];
  const { namespace, name: account } = accountOf(workload);
  return names.flatMap((variable, index) => {
    const provider = Object.hasOwn(cloudKeyVariables, variable) ? cloudKeyVariables[variable] : undefined;
    if (provider === undefined || names.indexOf(variable) !== index) return [];
    const path = [...container.path, 'env', index, 'name'];
    return { workload, container, variable, path, provider, instead: insteadOf(provider, `${namespace}/${account}`) };
  });
}

export function findStaticKeys(inventory: Inventory): StaticKey[] {
  return inventory.workloads.flatMap((workload) =>
    workload.containers.flatMap((container) => staticKeysOf(container, workload)),
  );
}
