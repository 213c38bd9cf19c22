// Ways to all rights in words: one sentence for people, and each step with the binding and the rule that allow it.

import { resourceText } from '../../../kube/rbac.ts';
import type { Diagnostic } from '../../../model/index.ts';
import { type Identity, subjectText } from '../../../inventory/rights/bindings.ts';
import type { Actor } from './move.ts';
import type { Proof } from './rights.ts';
import type { Step, Way } from './search.ts';

function isIdentity(actor: Actor): actor is Identity {
  return actor.kind !== 'NamespaceOwner' && actor.kind !== 'ClusterAdmin';
}

function stepText({ phrase, to }: Step): string {
  return isIdentity(to) ? `${phrase} ${subjectText(to)}` : phrase;
}

/** `can run a pod as ServiceAccount "ops/backup", which is cluster administrator`. */
export function wayText({ steps, held }: Way): string {
  const parts = steps.map((step, index) => {
    if (index === 0) return `can ${stepText(step)}`;
    return isIdentity(step.from) ? `, which can ${stepText(step)}` : ` and there ${stepText(step)}`;
  });
  const end = held === undefined ? '' : `${steps.length === 0 ? '' : ', which '}is cluster administrator`;
  return `${parts.join('')}${end}`;
}

function requestText({ request, namespace }: Proof): string {
  const { verb, name } = request;
  const what = request.resource === '*' ? 'everything' : resourceText(request);
  const place = namespace === '' ? 'cluster-wide' : `in namespace ${namespace}`;
  return `${verb === '*' ? 'all verbs' : verb} on ${what}${name === undefined ? '' : ` ${name}`} ${place}`;
}

function proofText(proof: Proof): string {
  const { binding, index } = proof.right;
  const { object, role } = binding;
  const place = object.namespace === '' ? '' : `${object.namespace}/`;
  return `${requestText(proof)}, by ${object.kind} ${place}${object.name} and ${role.kind} ${role.name} rules[${index}]`;
}

/** What has to be so for the way to be open, where the input cannot show it. */
export function presumptionOf({ steps }: Way): string | undefined {
  return steps.find(({ presumes }) => presumes !== undefined)?.presumes;
}

/** `1. create on pods in namespace ops, by RoleBinding ops/deployer and Role deployer rules[0]; 2. …`. */
export function wayEvidence({ steps, held }: Way): string {
  const all = [...steps.map(({ proofs }) => proofs), ...(held === undefined ? [] : [held])];
  return all
    .map((proofs) => proofs.map(proofText).join(' and ') || 'by owning the namespace')
    .map((text, index) => (all.length === 1 ? text : `${index + 1}. ${text}`))
    .join('; ');
}

/** A finding on a way; unknown where something has to be so that the input cannot show. `{if}` stands in the text for that. */
export function wayFinding(way: Way, text: string, doubt = presumptionOf(way)): Diagnostic {
  if (doubt === undefined) return { message: text.replace('{if}', ''), evidence: wayEvidence(way) };
  return {
    verdict: 'unknown',
    message: text.replace('{if}', `, if ${doubt}`),
    evidence: `${wayEvidence(way)}; would be settled by a look at the target cluster: whether ${doubt}`,
  };
}
