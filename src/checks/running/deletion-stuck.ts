// Finds objects whose deletion does not come to an end, and what it waits for.

import { viewOf } from '../../inventory/index.ts';
import { asArray, asString, type KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { conditionsOf, metadataOf, specOf, tellCondition } from './live-check.ts';
import { minutesSince, tellMinutes } from './seen-at.ts';

/** The time of deletion is that at which the grace period has ended. */
const patience = 10;

function finalizersOf(object: KubeObject): string {
  const names = [...asArray(metadataOf(object)['finalizers']), ...asArray(specOf(object)['finalizers'])];
  return names.flatMap((name) => asString(name) ?? []).join(', ');
}

function waitsFor(object: KubeObject): string {
  const told = object.kind === 'Namespace' ? conditionsOf(object).filter(({ status }) => status === 'True') : [];
  if (told.length > 0) return told.map(tellCondition).join('; ');
  const finalizers = finalizersOf(object);
  if (finalizers !== '') return `finalizers ${finalizers}`;
  const node = asString(specOf(object)['nodeName']);
  return node === undefined ? 'no finalizer is left' : `node ${node} has not said that its containers ended`;
}

export const deletionStuck = objectCheck(
  {
    id: 'deletion-stuck',
    family: 'running',
    title: 'What is deleted goes',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation:
      'Repair the controller that should clear up, and only then think of taking the finalizer away by hand.',
    minutes: 30,
  },
  {
    kinds: ['*'],
    applies: (object, { inventory }) => metadataOf(object)['deletionTimestamp'] !== undefined && viewOf(inventory).live,
    find: (object, context) => {
      const since = minutesSince(context, metadataOf(object)['deletionTimestamp']);
      if (since < patience) return undefined;
      return {
        message: `${object.kind} "${object.name}" was deleted ${tellMinutes(since)} ago and is still there`,
        path: ['metadata', 'deletionTimestamp'],
        evidence: `it waits for: ${waitsFor(object)}`,
      };
    },
  },
);
