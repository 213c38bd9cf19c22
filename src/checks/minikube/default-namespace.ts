// Finds workloads that are put into the namespace `default`, or go there unless somebody says otherwise.

import type { Workload } from '../../inventory/index.ts';
import { asObject } from '../../model/index.ts';
import { appCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';

function writtenNamespace({ object }: Workload): unknown {
  return asObject(object.raw['metadata'])['namespace'];
}

/** A chart's namespace is chosen when it is installed. */
function isUnsaid(workload: Workload): boolean {
  const { object } = workload;
  const isRelease = object.source.origin.kind === 'helm';
  return object.namespace === 'default' && !isRelease && (writtenNamespace(workload) ?? '') === '';
}

export const defaultNamespace = appCheck(
  minikubeMeta({
    id: 'default-namespace',
    title: 'The app has a namespace of its own',
    leg: 'security',
    level: 1,
    severity: 'low',
    references: [
      { framework: 'CIS', id: '5.6.4' },
      { framework: 'NSA', id: 'Namespaces' },
    ],
    remediation: 'Create a namespace for the app and name it in the kustomization, the chart or with --namespace.',
    minutes: 10,
    settledBy: 'the command or pipeline that applies the files',
  }),
  {
    applies: ({ inventory }) => inventory.workloads.length > 0,
    find: ({ inventory }) => {
      const { workloads } = inventory;
      const named = workloads.filter((workload) => writtenNamespace(workload) === 'default');
      const [first, ...others] = workloads.filter(isUnsaid);
      const findings = named.map(({ object }) => ({
        object,
        message: `"${object.name}" is put into the namespace default, where it shares names, quotas and rights with everything else`,
        path: ['metadata', 'namespace'],
        evidence: 'metadata.namespace is default',
      }));
      if (first === undefined) return findings;
      const count = others.length + 1;
      const unsaid = {
        verdict: 'unknown' as const,
        message: `${count === 1 ? '1 workload names no namespace: it goes' : `${count} workloads name no namespace: they go`} to default unless the one who applies the files says otherwise`,
        evidence: `would be settled by the command that applies the files; first "${first.object.name}"`,
      };
      return [...findings, unsaid];
    },
  },
);
