// Facts: community registries that are frozen, emptied or gone, and where their images went.

export interface RetiredRegistry {
  /** Registry host, or host and path: matched on whole path parts. */
  readonly prefix: string;
  /** ISO date from which images are no longer added there, or are no longer served. */
  readonly since: string;
  /** `frozen`: still served, never updated. `gone`: pinned versions are no longer served. */
  readonly state: 'frozen' | 'gone';
  /** Where the same images are kept now; `undefined` where there is no free successor. */
  readonly replacement?: string;
  readonly source: string;
}

const bitnamiNotice = 'https://github.com/bitnami/charts/issues/35164';
/** The flip of k8s.gcr.io away from the Google-owned project, before which that project was made read-only. */
const flipNotice = 'https://github.com/kubernetes/k8s.io/pull/1036';
const freezeNotice = 'https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/';

export const retiredRegistries: readonly RetiredRegistry[] = [
  { prefix: 'k8s.gcr.io', since: '2023-04-03', state: 'frozen', replacement: 'registry.k8s.io', source: freezeNotice },
  {
    prefix: 'gcr.io/google_containers',
    since: '2020-07-20',
    state: 'frozen',
    replacement: 'registry.k8s.io',
    source: flipNotice,
  },
  {
    prefix: 'gcr.io/google-containers',
    since: '2020-07-20',
    state: 'frozen',
    replacement: 'registry.k8s.io',
    source: flipNotice,
  },
  ...['us', 'eu', 'asia'].map(
    (region): RetiredRegistry => ({
      prefix: `${region}.gcr.io/k8s-artifacts-prod`,
      since: '2023-04-03',
      state: 'frozen',
      replacement: 'registry.k8s.io',
      source: freezeNotice,
    }),
  ),
  {
    prefix: 'quay.io/kubernetes-ingress-controller',
    since: '2020-07-08',
    state: 'frozen',
    replacement: 'registry.k8s.io/ingress-nginx',
    source: 'https://github.com/kubernetes/ingress-nginx/releases/tag/controller-v0.34.0',
  },
  // Only a few images stay there for free, as `latest`; pinned versions moved to bitnamilegacy.
  { prefix: 'docker.io/bitnami', since: '2025-09-29', state: 'gone', source: bitnamiNotice },
  { prefix: 'docker.io/bitnamilegacy', since: '2025-08-28', state: 'frozen', source: bitnamiNotice },
];
