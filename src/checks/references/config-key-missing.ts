// Finds keys that a pod reads from a ConfigMap or Secret which does not hold them.

import type { Inventory, Reference } from '../../inventory/index.ts';
import { asObject, type KubeObject, type Path, isSameJson } from '../../model/index.ts';
import { appCheck } from '../check.ts';
import { nearName } from '../near-name.ts';
import { offer, way } from '../fix.ts';

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
    fix: ({ object, path }, { inventory }) => {
      const reference = inventory.references.find((each) => each.from === object && isSameJson(each.path, path));
      const target = reference === undefined ? undefined : inventory.find(reference);
      if (reference === undefined || target === undefined) return undefined;
      const keys = ['data', 'stringData', 'binaryData'].flatMap((field) => Object.keys(asObject(target.raw[field])));
      const near = nearName(reference.key ?? '', keys);
      // The path is that of the name; the key stands beside it.
      const beside = (field: string): Path => [...reference.path.slice(0, -1), field];
      if (near !== undefined) return [{ op: 'set', path: beside('key'), value: near }];
      return offer(
        way(
          {
            id: 'optional',
            title: 'Let the pods start without it',
            consequence: 'the program does not get this setting',
          },
          [{ op: 'set', path: beside('optional'), value: true }],
        ),
      );
    },
  },
);
