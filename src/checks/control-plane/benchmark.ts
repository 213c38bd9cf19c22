// Settles by results of kube-bench what the input does not show of the control plane.

import type { Inventory } from '../../inventory/index.ts';
import type { BenchEvidence, BenchResult } from '../../model/index.ts';
import type { AppDiagnostics } from '../check.ts';

/** How a control is recognised: the section it stands in, and words that all must be in its text. */
type Control = readonly [section: string, ...words: readonly string[]];

/**
 * The controls that ask what our checks ask. Numbers move between versions of the benchmark (`--profiling` is 1.2.21 in cis-1.6 and 1.2.15 in
 * cis-1.12; 4.2.6 was once another control), so a result counts by its section and its words, never by its number. Benchmarks of managed services
 * have other sections and words: they settle nothing here. Source: kube-bench `cfg/cis-*`.
 */
export const controls: Readonly<Record<string, Control>> = {
  'apiserver-anonymous-auth': ['1.2', 'anonymous-auth argument is set to false'],
  'apiserver-token-auth-file': ['1.2', '--token-auth-file', 'is not set'],
  'apiserver-external-ips-admission': ['1.2', 'DenyServiceExternalIPs is set'],
  'apiserver-kubelet-client-certificate': ['1.2', '--kubelet-client-certificate and --kubelet-client-key'],
  'apiserver-kubelet-authority': ['1.2', '--kubelet-certificate-authority'],
  'apiserver-authorization-mode': ['1.2', '--authorization-mode', 'not set to AlwaysAllow'],
  'apiserver-authorization-node': ['1.2', '--authorization-mode', 'includes Node'],
  'apiserver-authorization-rbac': ['1.2', '--authorization-mode', 'includes RBAC'],
  'apiserver-event-rate-limit': ['1.2', 'EventRateLimit is set'],
  'apiserver-always-admit': ['1.2', 'AlwaysAdmit is not set'],
  'apiserver-always-pull-images': ['1.2', 'AlwaysPullImages is set'],
  'apiserver-service-account-admission': ['1.2', 'plugin ServiceAccount is set'],
  'apiserver-namespace-lifecycle': ['1.2', 'NamespaceLifecycle is set'],
  'apiserver-node-restriction': ['1.2', 'NodeRestriction is set'],
  'apiserver-profiling': ['1.2', '--profiling argument is set to false'],
  'apiserver-audit-log': ['1.2', '--audit-log-path argument is set'],
  'apiserver-audit-log-age': ['1.2', '--audit-log-maxage argument is set to 30'],
  'apiserver-audit-log-files': ['1.2', '--audit-log-maxbackup argument is set to 10'],
  'apiserver-audit-log-size': ['1.2', '--audit-log-maxsize argument is set to 100'],
  'apiserver-service-account-lookup': ['1.2', '--service-account-lookup argument is set to true'],
  'apiserver-etcd-client-certificate': ['1.2', '--etcd-certfile and --etcd-keyfile'],
  'apiserver-serving-certificate': ['1.2', '--tls-cert-file and --tls-private-key-file'],
  'apiserver-client-authority': ['1.2', '--client-ca-file argument is set'],
  'apiserver-etcd-authority': ['1.2', '--etcd-cafile argument is set'],
  'apiserver-encryption-at-rest': ['1.2', '--encryption-provider-config argument is set'],
  'apiserver-audit-policy': ['3.2', 'minimal audit policy is created'],
  'controller-manager-profiling': ['1.3', '--profiling argument is set to false'],
  'controller-manager-own-credentials': ['1.3', '--use-service-account-credentials argument is set to true'],
  'controller-manager-signing-key': ['1.3', '--service-account-private-key-file argument is set'],
  'controller-manager-root-authority': ['1.3', '--root-ca-file argument is set'],
  'controller-manager-bind-address': ['1.3', '--bind-address argument is set to 127.0.0.1'],
  'scheduler-profiling': ['1.4', '--profiling argument is set to false'],
  'scheduler-bind-address': ['1.4', '--bind-address argument is set to 127.0.0.1'],
  'etcd-serving-certificate': ['2', 'the --cert-file and --key-file'],
  'etcd-client-authentication': ['2', 'the --client-cert-auth argument is set to true'],
  'etcd-auto-tls': ['2', 'the --auto-tls argument is not set to true'],
  'etcd-peer-certificate': ['2', 'the --peer-cert-file and --peer-key-file'],
  'etcd-peer-authentication': ['2', 'the --peer-client-cert-auth argument is set to true'],
  'etcd-peer-auto-tls': ['2', 'the --peer-auto-tls argument is not set to true'],
  'kubelet-anonymous-auth': ['4.2', 'anonymous-auth argument is set to false'],
  'kubelet-authorization': ['4.2', '--authorization-mode argument is not set to AlwaysAllow'],
  'kubelet-client-authority': ['4.2', '--client-ca-file argument is set'],
  'kubelet-read-only-port': ['4.2', '--read-only-port argument is set to 0'],
  'kubelet-kernel-defaults': ['4.2', '--protect-kernel-defaults argument is set to true'],
  'kubelet-certificate-rotation': ['4.2', '--rotate-certificates argument is not set to false'],
  'kubelet-tls-ciphers': ['4.2', 'Kubelet only makes use of Strong Cryptographic Ciphers'],
  'apiserver-tls-ciphers': ['1.2', 'API Server only makes use of Strong Cryptographic Ciphers'],
  'etcd-own-authority': ['2', 'unique Certificate Authority is used for etcd'],
  'kube-proxy-metrics-open': ['4.3', 'kube-proxy metrics service is bound to localhost'],
  'kubelet-pod-pid-limit': ['4.2', 'limit is set on pod PIDs'],
};

interface Told {
  readonly result: BenchResult;
  readonly report: BenchEvidence;
}

function sectionOf(id: string): string {
  return id.replace(/\.[^.]*$/, '');
}

/** What a text asks: line breaks of the benchmark's files do not matter. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function isControl({ id, text }: BenchResult, [section, ...words]: Control): boolean {
  const asked = plain(text);
  return sectionOf(id) === section && words.every((word) => asked.includes(word));
}

/** Whether any check asks what this control asks. */
export function isKnownControl(result: BenchResult): boolean {
  return Object.values(controls).some((control) => isControl(result, control));
}

/** Results of all reports by the section they stand in. */
export function indexBenchmarks(inventory: Inventory): ReadonlyMap<string, readonly Told[]> {
  const bySection = new Map<string, Told[]>();
  for (const report of inventory.snapshot.evidence ?? []) {
    if (report.about !== 'cluster') continue;
    for (const result of report.results) {
      const section = sectionOf(result.id);
      const list = bySection.get(section);
      if (list === undefined) bySection.set(section, [{ result, report }]);
      else list.push({ result, report });
    }
  }
  return bySection;
}

/** `kube-bench 1.2.16 (cis-1.12) on master: FAIL, bench.json`. */
function cite({ result, report }: Told): string {
  const benchmark = report.benchmark === '' ? '' : ` (${report.benchmark})`;
  return `kube-bench ${result.id}${benchmark} on ${result.nodeType}: ${result.status}, ${report.file}`;
}

/** What a check is about that the input does not show. */
export interface Unseen {
  readonly check: string;
  /** What would be wrong: `kube-apiserver offers profiling`. */
  readonly problem: string;
  readonly settledBy: string;
}

/** Fails where any node failed the control, passes where one passed, and is unknown where a person must look or no report asks. */
export function settleUnseen({ check, problem, settledBy }: Unseen, inventory: Inventory): AppDiagnostics {
  const control = controls[check];
  const told =
    control === undefined
      ? []
      : (inventory.derive(indexBenchmarks).get(control[0]) ?? []).filter(({ result }) => isControl(result, control));
  const failed = told.find(({ result }) => result.status === 'FAIL');
  if (failed !== undefined) return { message: problem, evidence: cite(failed) };
  if (told.some(({ result }) => result.status === 'PASS')) return undefined;
  const asked = told[0] === undefined ? '' : `${cite(told[0])}; `;
  return {
    verdict: 'unknown',
    message: `it may be that ${problem}: the input neither shows it nor rules it out`,
    evidence: `${asked}would be settled by ${settledBy}`,
  };
}
