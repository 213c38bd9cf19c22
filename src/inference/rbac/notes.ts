// What a log cannot show of a subject's needs, or shows with a catch: in sentences for the person who reads the roles.

import { resourceText } from '../../kube/rbac.ts';
import { isResourceNeed, type Need, needText, type ResourceNeed } from './need.ts';
import type { SubjectUse } from './usage-table.ts';
import { isGeneratedName, type Widening } from './widen.ts';

const writes = ['create', 'update', 'patch'];
const rbac = 'rbac.authorization.k8s.io';

function writesTo(needs: readonly ResourceNeed[], group: string, resources: readonly string[]): boolean {
  return needs.some((need) => need.group === group && resources.includes(need.resource) && writes.includes(need.verb));
}

function generatedNote(needs: readonly ResourceNeed[], chosen: readonly Widening[]): string[] {
  if (chosen.includes('generated-names') || chosen.includes('names')) return [];
  const names = needs.filter(isGeneratedName);
  const [first] = names;
  if (first === undefined) return [];
  const more = names.length > 1 ? `, and ${names.length - 1} more` : '';
  return [
    `Kubernetes made up names here (${first.resource} "${first.name ?? ''}"${more}): the next ones will not be allowed. --widen generated-names allows any name in their place.`,
  ];
}

/** Rights that Kubernetes asks for while it carries a request out, and that no event names. */
function hiddenNotes(needs: readonly ResourceNeed[]): string[] {
  const notes: string[] = [];
  if (writesTo(needs, rbac, ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings']))
    notes.push(
      'It writes roles or bindings: for that it must hold what it gives, or have the verbs escalate and bind, which no event shows.',
    );
  if (needs.some(({ group, subresource }) => group === 'certificates.k8s.io' && subresource !== undefined))
    notes.push(
      'It approves or signs certificates: for that it also needs the verb approve or sign on the signer, which no event shows.',
    );
  return notes;
}

function socketNote(needs: readonly ResourceNeed[], minor: number | undefined): string[] {
  const socket = needs.find(
    ({ verb, resource, subresource = '' }) =>
      verb === 'get' && resource === 'pods' && ['exec', 'attach', 'portforward'].includes(subresource),
  );
  if (socket === undefined || minor !== undefined) return [];
  return [
    `Kubernetes 1.35 and later ask for create on ${resourceText(socket)} too, where the event says get. Name the version with --kube-version to have it added.`,
  ];
}

function collapsedNotes(collapsed: readonly Need[]): string[] {
  return collapsed.map((need) => `${needText(need)}: more than 2000 names were seen, so that any name is allowed.`);
}

export interface NoteFacts {
  readonly widen: readonly Widening[];
  /** Of the cluster, where it is known. */
  readonly minor?: number | undefined;
}

export function notesOn(needs: readonly Need[], use: SubjectUse | undefined, { widen, minor }: NoteFacts): string[] {
  const resources = needs.filter(isResourceNeed);
  const inexpressible = use?.inexpressible ?? 0;
  return [
    ...generatedNote(resources, widen),
    ...collapsedNotes(use?.collapsed ?? []),
    ...hiddenNotes(resources),
    ...socketNote(resources, minor),
    ...(inexpressible === 0
      ? []
      : [
          `${inexpressible} requests were for something called *, which nothing serves and no rule can name: left out.`,
        ]),
  ];
}
