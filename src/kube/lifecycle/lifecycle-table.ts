// The table of API lifecycles: Kubernetes' own statements, what went before them, and other components' APIs.

import { generatedRows } from './lifecycle.generated.ts';

export interface ApiTarget {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The project whose releases the version numbers belong to. */
export type ApiComponent = 'kubernetes' | 'istio' | 'cert-manager';

/** Version numbers are `major.minor` of the component: `1.25`. */
export interface ApiLifecycle extends ApiTarget {
  readonly component: ApiComponent;
  readonly introducedIn?: string;
  readonly deprecatedIn?: string;
  /** First release that no longer serves it; may lie in the future. */
  readonly removedIn?: string;
  readonly replacement?: ApiTarget;
  /** Page or file of the component that says so. */
  readonly source: string;
}

interface Handwritten {
  readonly component: ApiComponent;
  readonly apiVersion: string;
  readonly kinds: readonly string[];
  readonly introducedIn?: string;
  readonly deprecatedIn?: string;
  readonly removedIn?: string;
  /** apiVersion of the same kind, or apiVersion and kind. */
  readonly replacement?: string | ApiTarget;
  readonly source: string;
}

const apiSource = 'k8s.io/api: zz_generated.prerelease-lifecycle.go';
const changelog = (minor: number): string =>
  `https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.${minor}.md`;
const certManagerSource = 'https://cert-manager.io/docs/releases/upgrading/remove-deprecated-apis/';
const rbacKinds = ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'];
const issuingKinds = ['Certificate', 'CertificateRequest', 'Issuer', 'ClusterIssuer'];
const acmeKinds = ['Order', 'Challenge'];

const handwritten: readonly Handwritten[] = [
  {
    component: 'kubernetes',
    apiVersion: 'rbac.authorization.k8s.io/v1alpha1',
    kinds: rbacKinds,
    introducedIn: '1.5',
    deprecatedIn: '1.17',
    removedIn: '1.22',
    replacement: 'rbac.authorization.k8s.io/v1',
    source: changelog(17),
  },
  {
    component: 'kubernetes',
    apiVersion: 'scheduling.k8s.io/v1alpha1',
    kinds: ['PriorityClass'],
    introducedIn: '1.8',
    deprecatedIn: '1.14',
    removedIn: '1.17',
    replacement: 'scheduling.k8s.io/v1',
    source: changelog(14),
  },
  ...['v1alpha1', 'v1beta1'].map(
    (version): Handwritten => ({
      component: 'kubernetes',
      apiVersion: `audit.k8s.io/${version}`,
      kinds: ['Policy', 'Event'],
      deprecatedIn: '1.21',
      removedIn: '1.24',
      replacement: 'audit.k8s.io/v1',
      source: changelog(24),
    }),
  ),
  {
    component: 'kubernetes',
    apiVersion: 'settings.k8s.io/v1alpha1',
    kinds: ['PodPreset'],
    introducedIn: '1.6',
    removedIn: '1.20',
    source: changelog(20),
  },
  {
    // Never a type of its own in Go, but the guide lists it and people wrote it.
    component: 'kubernetes',
    apiVersion: 'apps/v1beta1',
    kinds: ['ReplicaSet'],
    removedIn: '1.16',
    replacement: 'apps/v1',
    source: 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/#replicaset-v116',
  },
  {
    component: 'kubernetes',
    apiVersion: 'v1',
    kinds: ['Endpoints'],
    introducedIn: '1.0',
    deprecatedIn: '1.33',
    replacement: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
    source: 'https://kubernetes.io/blog/2025/04/24/endpoints-deprecation/',
  },
  {
    component: 'kubernetes',
    apiVersion: 'v1',
    kinds: ['ComponentStatus'],
    introducedIn: '1.0',
    deprecatedIn: '1.19',
    source: changelog(19),
  },
  {
    component: 'istio',
    apiVersion: 'authentication.istio.io/v1alpha1',
    kinds: ['Policy', 'MeshPolicy'],
    deprecatedIn: '1.5',
    removedIn: '1.6',
    replacement: { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' },
    source: 'https://istio.io/latest/news/releases/1.6.x/announcing-1.6/upgrade-notes/',
  },
  {
    component: 'istio',
    apiVersion: 'rbac.istio.io/v1alpha1',
    kinds: ['ClusterRbacConfig', 'RbacConfig', 'ServiceRole', 'ServiceRoleBinding'],
    deprecatedIn: '1.4',
    removedIn: '1.6',
    replacement: { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy' },
    source: 'https://istio.io/latest/news/releases/1.6.x/announcing-1.6/upgrade-notes/',
  },
  {
    component: 'cert-manager',
    apiVersion: 'certmanager.k8s.io/v1alpha1',
    kinds: issuingKinds,
    deprecatedIn: '0.11',
    removedIn: '0.11',
    replacement: 'cert-manager.io/v1',
    source: 'https://cert-manager.io/docs/releases/upgrading/upgrading-0.10-0.11/',
  },
  {
    component: 'cert-manager',
    apiVersion: 'certmanager.k8s.io/v1alpha1',
    kinds: acmeKinds,
    deprecatedIn: '0.11',
    removedIn: '0.11',
    replacement: 'acme.cert-manager.io/v1',
    source: 'https://cert-manager.io/docs/releases/upgrading/upgrading-0.10-0.11/',
  },
  ...['v1alpha2', 'v1alpha3', 'v1beta1'].flatMap((version): Handwritten[] =>
    ['cert-manager.io', 'acme.cert-manager.io'].map((group) => ({
      component: 'cert-manager',
      apiVersion: `${group}/${version}`,
      kinds: group === 'cert-manager.io' ? issuingKinds : acmeKinds,
      deprecatedIn: '1.4',
      removedIn: '1.6',
      replacement: `${group}/v1`,
      source: certManagerSource,
    })),
  ),
];

function fromHandwritten(entry: Handwritten): ApiLifecycle[] {
  const { kinds, replacement, ...rest } = entry;
  return kinds.map((kind) => {
    if (replacement === undefined) return { ...rest, kind };
    return {
      ...rest,
      kind,
      replacement: typeof replacement === 'string' ? { apiVersion: replacement, kind } : replacement,
    };
  });
}

const asMinor = (minor: number): string => `1.${minor}`;

function fromGenerated([
  apiVersion,
  kind,
  introduced,
  deprecated,
  removed,
  target,
]: (typeof generatedRows)[number]): ApiLifecycle {
  const [targetVersion, targetKind] = target.split(' ');
  const hasTarget = targetVersion !== undefined && targetKind !== undefined;
  return {
    component: 'kubernetes',
    apiVersion,
    kind,
    ...(introduced < 0 ? {} : { introducedIn: asMinor(introduced) }),
    ...(deprecated < 0 ? {} : { deprecatedIn: asMinor(deprecated) }),
    ...(removed < 0 ? {} : { removedIn: asMinor(removed) }),
    ...(hasTarget ? { replacement: { apiVersion: targetVersion, kind: targetKind } } : {}),
    source: apiSource,
  };
}

/** What is written by hand stands last, so that it wins over what was derived from the Go types. */
export const apiLifecycles: readonly ApiLifecycle[] = [
  ...generatedRows.map(fromGenerated),
  ...handwritten.flatMap(fromHandwritten),
];
