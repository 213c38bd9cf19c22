// Finds bindings of service accounts that are not there.

import type { Inventory } from '../../inventory/index.ts';
import type { Diagnostic, KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { bindingKinds, isBootstrapped, readBinding, type Subject } from '../../inventory/rights/bindings.ts';
import { rbacMeta } from './rbac-meta.ts';
import { nearName } from '../near-name.ts';
import { offer, way } from '../fix.ts';

/** Namespaces whose accounts the input brings along: a name that is missing there is missing for good. */
function accountNamespaces(inventory: Inventory): ReadonlySet<string> {
  return new Set(inventory.ofKind('/ServiceAccount').map(({ namespace }) => namespace));
}

function findMissing(object: KubeObject, subject: Subject, inventory: Inventory): Diagnostic | undefined {
  const { kind, name, namespace, index } = subject;
  if (kind !== 'ServiceAccount') return undefined;
  const binding = `${object.kind} "${object.name}"`;
  if (namespace === '')
    return {
      message: `${binding} names account "${name}" without its namespace, which the API server refuses`,
      path: ['subjects', index, 'name'],
      evidence: `subjects[${index}] has no namespace`,
    };
  const isGiven = name === 'default' || inventory.find({ group: '', kind, namespace, name }) !== undefined;
  if (isGiven) return undefined;
  const missing = `${binding} gives rights to account "${namespace}/${name}", which is not in the input`;
  const path = ['subjects', index, 'name'];
  if (inventory.derive(accountNamespaces).has(namespace))
    return {
      message: `${missing}: nobody has them, until somebody makes an account of this name`,
      path,
      evidence: `no ServiceAccount of this name in namespace ${namespace}`,
    };
  return {
    verdict: 'unknown',
    message: `${missing}: if the cluster does not have it, nobody has the rights`,
    path,
    evidence: `would be settled by a look at the target cluster: ServiceAccount ${namespace}/${name}`,
  };
}

export const subjectMissing = objectCheck(
  rbacMeta({
    id: 'subject-missing',
    title: 'Bindings name accounts that exist',
    severity: 'medium',
    references: [{ framework: 'OWASP', id: 'K03' }],
    remediation: 'Add the ServiceAccount to the manifests or correct name and namespace.',
    minutes: 10,
    settledBy: 'a look at the target cluster',
  }),
  {
    kinds: bindingKinds,
    applies: (object) => !isBootstrapped(object),
    find: (object, { inventory }) =>
      readBinding(object).subjects.flatMap((subject) => findMissing(object, subject, inventory) ?? []),
    fix: (object, { path = [] }, { inventory }) => {
      const subject = readBinding(object).subjects.find(({ index }) => index === path[1]);
      if (subject === undefined) return undefined;
      const accounts = inventory.ofKind('/ServiceAccount');
      if (subject.namespace === '') {
        const [only, other] = accounts.filter(({ name }) => name === subject.name);
        if (only === undefined || other !== undefined) return undefined;
        return [{ op: 'set', path: [...path.slice(0, -1), 'namespace'], value: only.namespace }];
      }
      const names = accounts.filter(({ namespace }) => namespace === subject.namespace).map(({ name }) => name);
      const near = nearName(subject.name, names);
      if (near === undefined) return undefined;
      return offer(
        way(
          {
            id: 'near-name',
            title: `Give the rights to account "${near}"`,
            consequence: 'pods that run as it get them',
          },
          [{ op: 'set', path, value: near }],
        ),
      );
    },
  },
);
