// Finds keys that a pod reads from a ConfigMap or Secret which does not hold them.

import type { Inventory, Reference } from '../../inventory/index.ts';
import { asObject, type KubeObject } from '../../model/index.ts';
import { appCheck } from '../check.ts';

function holdsKey({ raw }: KubeObject, key: string): boolean {
  return ['data', 'stringData', 'binaryData'].some((field) => Object.hasOwn(asObject(raw[field]), key));
}

/** A Secret without any data is filled by somebody else: a controller or a person. */
function isFilled({ raw }: KubeObject): boolean {
  return ['data', 'stringData', 'binaryData'].some((field) => Object.keys(asObject(raw[field])).length > 0);
}

function lacksKey(inventory: Inventory, reference: Reference): boolean {
  const { key, optional } = reference;
  const target = inventory.find(reference);
  return key !== undefined && !optional && target !== undefined && isFilled(target) && !holdsKey(target, key);
}

export const configKeyMissing = appCheck(
  {
    id: 'config-key-missing',
    family: 'references',
    title: 'Keys that pods read are in their ConfigMap or Secret',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Add the key, correct its name, or mark the reference optional.',
    minutes: 5,
  },
  {
    applies: ({ inventory }) => inventory.references.some(({ key }) => key !== undefined),
    find: ({ inventory }) =>
      inventory.references
        .filter((reference) => lacksKey(inventory, reference))
        .map(({ from: object, kind, name, key = '', path }) => ({
          object,
          path,
          message: `${object.kind} "${object.name}" reads key "${key}" of ${kind} "${name}", which has no such key: its pods do not start`,
          evidence: `keys of ${kind} ${name} in the input`,
        })),
  },
);
