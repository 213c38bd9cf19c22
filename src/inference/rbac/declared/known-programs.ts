// Programs whose documentation says what they ask of the API, by their image and settings.

import { parseResource } from '../../../kube/resources.ts';
import { isClusterScopedResource } from '../../../kube/scope.ts';
import type { Need } from '../need.ts';

export interface ProgramSettings {
  readonly image: string;
  /** Variables and flags by name, without dashes. */
  readonly value: (name: string) => string | undefined;
  /** Namespace of the pod. */
  readonly home: string;
}

interface KnownProgram {
  readonly name: string;
  readonly image: RegExp;
  readonly needs: (settings: ProgramSettings) => readonly Need[];
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(',').flatMap((word) => word.trim() || []);
}

function reads(group: string, resource: string, namespaces: readonly string[], verbs: readonly string[]): Need[] {
  return namespaces.flatMap((namespace) => verbs.map((verb) => ({ verb, group, resource, namespace })));
}

/** Source: README of kiwigrid/k8s-sidecar: RESOURCE, NAMESPACE, and the role of its example. */
function sidecarNeeds({ value, home }: ProgramSettings): Need[] {
  const resource = value('RESOURCE') ?? 'configmap';
  const kinds = resource === 'both' ? ['configmaps', 'secrets'] : [resource === 'secret' ? 'secrets' : 'configmaps'];
  const named = words(value('NAMESPACE'));
  const places = named.length === 0 ? [home] : named.map((name) => (name === 'ALL' ? '' : name));
  return kinds.flatMap((kind) => reads('', kind, places, ['get', 'list', 'watch']));
}

/** Source: docs of kube-state-metrics: `--resources`, `--namespaces`. Without the former its defaults change from version to version. */
function stateMetricsNeeds({ value }: ProgramSettings): Need[] {
  const named = words(value('namespaces'));
  return words(value('resources')).flatMap((word) => {
    const found = parseResource(word);
    if (found === undefined) return [];
    const isOutside = isClusterScopedResource(found.group, found.resource);
    return reads(found.group, found.resource, isOutside || named.length === 0 ? [''] : named, ['list', 'watch']);
  });
}

/** Source: README of kubernetes-sigs/metrics-server, its role. */
function metricsServerNeeds(): Need[] {
  return [
    { verb: 'get', group: '', resource: 'nodes', subresource: 'metrics', namespace: '' },
    ...['pods', 'nodes', 'namespaces', 'configmaps'].flatMap((kind) => reads('', kind, [''], ['get', 'list', 'watch'])),
  ];
}

const programs: readonly KnownProgram[] = [
  { name: 'k8s-sidecar', image: /(?:^|\/)k8s-sidecar(?:[:@]|$)/, needs: sidecarNeeds },
  { name: 'kube-state-metrics', image: /(?:^|\/)kube-state-metrics(?:[:@]|$)/, needs: stateMetricsNeeds },
  { name: 'metrics-server', image: /(?:^|\/)metrics-server(?:[:@]|$)/, needs: metricsServerNeeds },
];

/** The program and its needs; `undefined` for an image that is not known. */
export function needsOfProgram(
  settings: ProgramSettings,
): { readonly name: string; readonly needs: readonly Need[] } | undefined {
  const program = programs.find(({ image }) => image.test(settings.image));
  return program && { name: program.name, needs: program.needs(settings) };
}
