// Judges on which addresses kube-proxy offers its metrics and settings.

import { parseFlags, programName, viewOf, type Inventory } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { appCheck, type AppDiagnostic } from '../check.ts';
import { settleUnseen } from './benchmark.ts';

const settledBy = 'the pods and the configuration of kube-proxy, or a report of kube-bench given with --evidence';
const problem = 'offers its metrics, and its debugging pages, to everybody who reaches the node';

/** What stands in a KubeProxyConfiguration; it is a text in a ConfigMap. Without it kube-proxy takes 127.0.0.1:10249. */
function addressInConfig({ raw }: KubeObject): string | undefined {
  const text = asString(asObject(raw['data'])['config.conf']);
  return text === undefined ? undefined : (/^metricsBindAddress:\s*["']?([^"'\s#]*)/m.exec(text)?.[1] ?? '');
}

function isOpen(address: string): boolean {
  return address !== '' && !/^(?:127\.|localhost\b|\[?::1\]?)/.test(address);
}

interface Seen {
  readonly address: string;
  readonly where: string;
  readonly object?: KubeObject;
  readonly path?: readonly (string | number)[];
}

function inWords(words: readonly string[], where: Omit<Seen, 'address'>): Seen[] {
  if (programName(words) !== 'kube-proxy') return [];
  const address = parseFlags(words.slice(1)).get('metrics-bind-address');
  // Where a file of settings is given, it decides.
  return address === undefined && words.some((word) => word.startsWith('--config'))
    ? []
    : [{ address: address ?? '', ...where }];
}

function findAddresses(inventory: Inventory): Seen[] {
  const configs = [...inventory.glimpse('/ConfigMap'), ...viewOf(inventory).objects('/ConfigMap')]
    .filter(({ name, namespace }) => name === 'kube-proxy' && namespace === 'kube-system')
    .flatMap((object): Seen[] => {
      const address = addressInConfig(object);
      const path = ['data', 'config.conf'];
      return address === undefined
        ? []
        : [{ address, where: 'metricsBindAddress of ConfigMap kube-proxy', object, path }];
    });
  const written = inventory.workloads.flatMap(({ object, containers }) =>
    containers.flatMap(({ raw, path }) => {
      const words = [...asArray(raw['command']), ...asArray(raw['args'])].flatMap((word) => asString(word) ?? []);
      return inWords(words, { where: '--metrics-bind-address', object, path });
    }),
  );
  const running = viewOf(inventory).programs.flatMap(({ words, object }) =>
    inWords(words, { where: `--metrics-bind-address of ${object.namespace}/${object.name}` }),
  );
  return [...configs.slice(0, 1), ...(viewOf(inventory).live ? running : written)];
}

export const kubeProxyMetricsOpen = appCheck(
  {
    id: 'kube-proxy-metrics-open',
    family: 'control-plane',
    title: 'kube-proxy offers its metrics to its own node only',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '4.3.1' }],
    remediation: 'Set metricsBindAddress to 127.0.0.1:10249, and scrape it through a proxy that asks who is there.',
    minutes: 20,
    settledBy,
  },
  {
    find: ({ inventory }) => {
      const seen = findAddresses(inventory);
      if (seen.length === 0)
        return settleUnseen(
          { check: 'kube-proxy-metrics-open', problem: `kube-proxy ${problem}`, settledBy },
          inventory,
        );
      return seen
        .filter(({ address }) => isOpen(address))
        .map(
          ({ address, where, object, path }): AppDiagnostic => ({
            ...(object === undefined ? {} : { object }),
            ...(path === undefined ? {} : { path }),
            message: `kube-proxy ${problem}`,
            evidence: `${where} is ${address}`,
          }),
        );
    },
  },
);
