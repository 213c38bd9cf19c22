// Finds pods that ask for a node of Minikube.

import type { Workload } from '../../inventory/index.ts';
import { asArray, asObject, asString, type Diagnostic, type JsonObject, type Path } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { removeWhole } from '../fix.ts';

const prefix = 'minikube.k8s.io/';
const nodeName = /^minikube(?:-m\d+)?$/;

interface Term {
  readonly term: JsonObject;
  readonly path: Path;
}

function affinityTerms({ spec, specPath }: Workload): Term[] {
  const affinity = asObject(asObject(spec['affinity'])['nodeAffinity']);
  const required = ['requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'] as const;
  const terms = asArray(asObject(affinity[required[0]])[required[1]]);
  return terms.map((item, index) => {
    return { term: asObject(item), path: [...specPath, 'affinity', 'nodeAffinity', ...required, index] };
  });
}

function isOfMinikube(expression: JsonObject): boolean {
  const key = asString(expression['key']) ?? '';
  const names = asArray(expression['values']).map((value) => asString(value) ?? '');
  const isNamed = key === 'kubernetes.io/hostname' && expression['operator'] === 'In' && names.length > 0;
  return key.startsWith(prefix) || (isNamed && names.every((name) => nodeName.test(name)));
}

function findSelectors({ spec, specPath }: Workload): Path[] {
  const keys = Object.keys(asObject(spec['nodeSelector'])).filter((key) => key.startsWith(prefix));
  return keys.map((key) => [...specPath, 'nodeSelector', key]);
}

function findTerms(workload: Workload): Path[] {
  return affinityTerms(workload).flatMap(({ term, path }) =>
    asArray(term['matchExpressions']).flatMap((item, index) =>
      isOfMinikube(asObject(item)) ? [[...path, 'matchExpressions', index]] : [],
    ),
  );
}

export const minikubeNode = workloadCheck(
  minikubeMeta({
    id: 'minikube-node',
    title: 'Pods ask for no node of Minikube',
    severity: 'high',
    remediation: 'Remove the selector, or use a label that nodes of the target cluster have.',
    minutes: 10,
  }),
  {
    find: (workload): Diagnostic[] =>
      [...findSelectors(workload), ...findTerms(workload)].map((path) => ({
        message: `pods of "${workload.object.name}" ask for a node of Minikube: in another cluster they wait for ever`,
        path,
        evidence: 'nodes of other clusters have neither these labels nor these names',
      })),
    // All that would be left empty goes along, for an empty term fits no node.
    fix: ({ object, specPath }, { path = [] }) => [removeWhole(object.raw, path, specPath)],
  },
);
