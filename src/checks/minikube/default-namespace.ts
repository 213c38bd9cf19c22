// Finds workloads that are put into the namespace `default`, or go there unless somebody says otherwise.

import type { Workload } from '../../inventory/index.ts';
import { asObject } from '../../model/index.ts';
import { appCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { asking, offer } from '../fix.ts';
import { namespaceName } from '../questions.ts';

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
    fix: ({ object }, { inventory }) => {
      const [first] = inventory.workloads.filter((workload) => writtenNamespace(workload) === 'default');
      if (object === undefined || first === undefined) return undefined;
      const moved = inventory.objects.filter(({ raw }) => asObject(raw['metadata'])['namespace'] === 'default');
      return offer(
        asking(
          {
            id: 'name-namespace',
            leavesOpen: [
              'default-deny-egress',
              'default-deny-ingress',
              'namespace-policy-missing',
              'namespace-without-quota',
            ],
            title: 'Move the app into a namespace of its own',
            consequence:
              'all objects of the input that name default go there together; in the cluster they are new ones, so data and addresses do not follow, and names such as web.default in settings must be changed by hand',
          },
          namespaceName,
          (name) => ({
            others: moved.map((each) => ({
              object: each,
              edits: [{ op: 'set', path: ['metadata', 'namespace'], value: name }],
            })),
            create:
              inventory.find({ group: '', kind: 'Namespace', namespace: '', name }) === undefined
                ? [{ raw: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, beside: first.object }]
                : [],
          }),
        ),
      );
    },
  },
);
