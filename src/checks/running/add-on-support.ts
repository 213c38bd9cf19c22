// Until when the makers of programs that serve a whole cluster patch them.

export interface AddOnSupport {
  readonly name: string;
  /** Tested against the repository without its registry. Builds of providers have other names, and other dates. */
  readonly image: RegExp;
  /** Minor versions whose support has ended, the newest first, with the ISO date. Gaps are closed by the next newer one. */
  readonly ended: readonly (readonly [minor: string, until: string])[];
}

/**
 * Sources: the support tables of istio.io, cert-manager.io and cilium.io, the security policy of Argo CD, the announcements of Grafana on Promtail
 * and of the Jaeger project on its version 1. What is newer than the first line is not known here, and nothing is said of it.
 */
export const addOnSupport: readonly AddOnSupport[] = [
  {
    name: 'Istio',
    image: /^(?:istio|istio-release)\/(?:pilot|proxyv2|ztunnel|install-cni)$/,
    ended: [
      ['1.28', '2026-07-01'],
      ['1.27', '2026-04-07'],
      ['1.26', '2025-12-22'],
      ['1.25', '2025-09-30'],
      ['1.24', '2025-06-24'],
      ['1.23', '2025-04-16'],
      ['1.20', '2024-06-25'],
    ],
  },
  {
    name: 'Cilium',
    image: /^cilium\/cilium$/,
    ended: [
      ['1.16', '2026-02-03'],
      ['1.15', '2025-07-29'],
      ['1.14', '2025-02-04'],
      ['1.13', '2024-07-24'],
    ],
  },
  {
    name: 'cert-manager',
    image: /^jetstack\/cert-manager-controller$/,
    ended: [
      ['1.18', '2026-03-10'],
      ['1.17', '2025-10-07'],
      ['1.16', '2025-06-10'],
      ['1.12', '2025-05-19'],
      ['1.11', '2023-09-12'],
    ],
  },
  {
    name: 'Argo CD',
    image: /^argoproj\/argocd$/,
    ended: [
      ['2.13', '2025-08-13'],
      ['2.12', '2025-05-06'],
      ['2.11', '2025-02-03'],
      ['2.10', '2024-11-04'],
    ],
  },
  {
    name: 'Jaeger 1',
    image: /^jaegertracing\/(?:all-in-one|jaeger-(?:agent|collector|ingester|query))$/,
    ended: [['1.76', '2025-12-31']],
  },
  { name: 'Promtail', image: /^grafana\/promtail$/, ended: [['3.6', '2026-03-02']] },
];

function toPair(minor: string): readonly [number, number] {
  const [major = 0, next = 0] = minor.split('.').map(Number);
  return [major, next];
}

function isOlder(a: string, b: string): boolean {
  const [[aMajor, aMinor], [bMajor, bMinor]] = [toPair(a), toPair(b)];
  return aMajor < bMajor || (aMajor === bMajor && aMinor < bMinor);
}

/**
 * The date on which support for a version ended, at the latest; `undefined` for one that is newer than what is known here, or that is no plain version:
 * a suffix tells of somebody else's build.
 */
export function supportEnd({ ended }: AddOnSupport, tag: string): string | undefined {
  const minor = /^v?(\d+\.\d+)\.\d+(?:-distroless|-debug)?$/.exec(tag)?.[1];
  if (minor === undefined) return undefined;
  return ended.findLast(([known]) => known === minor || isOlder(minor, known))?.[1];
}
