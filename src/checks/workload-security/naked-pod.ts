// Finds Pods that nothing brings back.

import { asArray, asObject, type KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';

function isKeptByOthers({ raw, namespace }: KubeObject): boolean {
  const metadata = asObject(raw['metadata']);
  const annotations = Object.keys(asObject(metadata['annotations']));
  const isStatic = namespace === 'kube-system' && asObject(metadata['labels'])['tier'] === 'control-plane';
  const isHook = annotations.includes('helm.sh/hook');
  return isStatic || isHook || asArray(metadata['ownerReferences']).length > 0;
}

export const nakedPod = objectCheck(
  compromiseMeta({
    id: 'naked-pod',
    title: 'Pods have a controller that brings them back',
    leg: 'deployment',
    level: 3,
    severity: 'medium',
    references: [],
    remediation: 'Put the pod into a Deployment, a StatefulSet or a Job.',
    minutes: 15,
  }),
  {
    kinds: ['/Pod'],
    applies: (object) => !isKeptByOthers(object),
    find: ({ name }) => ({
      message: `Pod "${name}" has no controller: when its node is drained or fails, it is gone for good`,
      path: ['kind'],
      evidence: 'metadata.ownerReferences is not set',
    }),
  },
);
