// References to a Secret in the place of a value. The value itself is not moved: it has been seen, and a new one belongs where nobody reads it.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import type { Json } from '../../model/index.ts';
import type { Question } from '../check.ts';
import { nameOf } from '../questions.ts';

export const secretName: Question = nameOf('Secret that holds it', 'shop-credentials');

/** A variable that is read from a Secret. */
export function variableFrom(secret: string, key: string, name: string): Json {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** How the Secret is made, for the sentence that says what must be there first. */
export function howToMake(key: string, { object: { namespace } }: Workload): string {
  const place = namespace === 'default' ? '' : ` -n ${namespace}`;
  return `the pods start once \`kubectl create secret generic NAME${place} --from-file=${key}=/dev/stdin\`, or a secret store, has made it, with a new value: the old one has been seen`;
}

/** An unused name for a variable of the container: capital letters, as such names are. */
export function freeVariable(words: string, { raw }: PodContainer): string {
  const taken = JSON.stringify(raw['env'] ?? []);
  const base =
    words
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .toUpperCase() || 'SECRET';
  return taken.includes(`"${base}"`) ? `${base}_FROM_SECRET` : base;
}
