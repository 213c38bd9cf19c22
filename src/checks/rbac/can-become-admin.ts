// Finds those who are not cluster administrator and can make themselves one, with the way they would go.

import type { Diagnostic, KubeObject } from '../../model/index.ts';
import { type CheckContext, objectCheck } from '../check.ts';
import {
  bindingKinds,
  type Identity,
  identityKey,
  identityOf,
  isBootstrapped,
  readBinding,
  type Subject,
  subjectText,
} from '../../inventory/rights/bindings.ts';
import { escalationsIn, type Way, wayFinding, wayText } from './escalation/index.ts';
import { rbacMeta } from './rbac-meta.ts';

/** The binding that the first step needs and that names the subject: one with several bindings is told once. */
function firstBinding({ steps }: Way, identity: Identity): KubeObject | undefined {
  const bindings = steps[0]?.proofs.map(({ right }) => right.binding) ?? [];
  const isNamed = (subject: Subject): boolean => identityKey(identityOf(subject)) === identityKey(identity);
  return bindings.find(({ subjects }) => subjects.some(isNamed))?.object;
}

function findWay(object: KubeObject, subject: Subject, context: CheckContext): Diagnostic | undefined {
  const identity = identityOf(subject);
  const way = escalationsIn(context).wayOf(identity);
  if (way === undefined || firstBinding(way, identity) !== object) return undefined;
  const text = `${subjectText(identity)} can make itself cluster administrator{if}: it ${wayText(way)}`;
  return { ...wayFinding(way, text), path: ['subjects', subject.index, 'name'] };
}

export const canBecomeAdmin = objectCheck(
  rbacMeta({
    id: 'can-become-admin',
    title: 'Nobody can make himself cluster administrator',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.1' },
      { framework: 'MITRE', id: 'T1078' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Take away the right that the first step needs, or limit it to a namespace without strong accounts.',
    minutes: 45,
    settledBy: 'a look at the target cluster',
  }),
  {
    kinds: bindingKinds,
    applies: (object) => !isBootstrapped(object) && !object.name.startsWith('kubeadm:'),
    find: (object, context) =>
      readBinding(object).subjects.flatMap((subject) => findWay(object, subject, context) ?? []),
  },
);
