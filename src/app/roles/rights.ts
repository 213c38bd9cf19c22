// Questions about rights: who can do something, and what somebody can do, with the way that grants it.

import { type Asked, type Grant, whatCan, whoCan } from '../../inventory/rights/effective-rights.ts';
import { accountOf } from '../../inventory/rights/accounts.ts';
import { allBindings, type Binding, type Identity, identityKey, identityOf } from '../../inventory/rights/bindings.ts';
import {
  type Escalations,
  escalationsIn,
  presumptionOf,
  type Way,
  wayText,
} from '../../checks/rbac/escalation/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { parseResource, resourceNames } from '../../kube/resources.ts';
import { type Position, UserError } from '../../model/index.ts';
import { adviseName } from '../suggest-name.ts';

export interface GrantView {
  /** Namespace in which the right holds; '' for the whole cluster. */
  readonly namespace: string;
  readonly binding: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly position: Omit<Position, 'column'>;
  };
  /** `builtIn`: a role that every cluster has and that the input does not hold. */
  readonly role: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly rule: number;
    readonly builtIn: boolean;
  };
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Only these objects; empty for all. */
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export interface OpenBinding {
  readonly binding: GrantView['binding'];
  readonly role: Pick<GrantView['role'], 'kind' | 'namespace' | 'name'>;
}

export interface Detour {
  readonly subject: Identity;
  /** `can run pods in namespace "kube-system"`; in brackets what the input cannot show and the way needs. */
  readonly way: string;
}

export interface WhoCanAnswer {
  readonly schema: 'nowwhat.dev/who-can/v1';
  readonly question: string;
  readonly holders: readonly { readonly subject: Identity; readonly grants: readonly GrantView[] }[];
  /** Who does not hold the right, and can make himself cluster administrator. */
  readonly detours: readonly Detour[];
  /** Bindings to roles that the input does not hold: what they give is not known. */
  readonly open: readonly OpenBinding[];
}

export interface WhatCanAnswer {
  readonly schema: 'nowwhat.dev/what-can/v1';
  readonly subject: Identity;
  readonly grants: readonly GrantView[];
  /** How the subject can make itself cluster administrator; absent where it cannot. */
  readonly detour?: string;
  readonly open: readonly OpenBinding[];
}

export function bindingView({ object }: Binding): GrantView['binding'] {
  const { kind, namespace, name, source } = object;
  return { kind, namespace, name, position: { file: source.file, line: source.line } };
}

export function grantView(inventory: Inventory, { scope, binding, role, index, rule }: Grant): GrantView {
  const builtIn = inventory.find({ group: 'rbac.authorization.k8s.io', ...role }) === undefined;
  return { namespace: scope, binding: bindingView(binding), role: { ...role, rule: index, builtIn }, ...rule };
}

export function openView(binding: Binding): OpenBinding {
  return { binding: bindingView(binding), role: binding.role };
}

export interface WhoCanWish {
  readonly verb: string;
  /** `pods/exec`, `deployments.apps`, or a path such as `/metrics`. */
  readonly what: string;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly minor: number;
}

function readQuestion({ verb, what, name }: WhoCanWish): Asked {
  if (what.startsWith('/')) return { kind: 'url', verb, url: what };
  const resource = parseResource(what);
  if (resource !== undefined)
    return { kind: 'resource', request: { verb, ...resource, ...(name === undefined ? {} : { name }) } };
  const advice = adviseName(
    what.split('/')[0] ?? '',
    resourceNames(),
    'Name a custom resource with its group, such as certificates.cert-manager.io.',
  );
  throw new UserError('invalid-option', `"${what}" is no resource of Kubernetes`, advice);
}

/** Subjects of any binding, each once. */
export function everybody(inventory: Inventory): Identity[] {
  const all = allBindings(inventory).flatMap(({ subjects }) => subjects.map(identityOf));
  return [...new Map(all.map((identity) => [identityKey(identity), identity])).values()];
}

function describeWay(way: Way | undefined): string | undefined {
  if (way === undefined || way.steps.length === 0) return undefined;
  const presumed = presumptionOf(way);
  return `${wayText(way)}${presumed === undefined ? '' : ` (if ${presumed})`}`;
}

function findDetours(inventory: Inventory, escalations: Escalations, direct: ReadonlySet<string>): Detour[] {
  return everybody(inventory).flatMap((subject) => {
    const way = direct.has(identityKey(subject)) ? undefined : describeWay(escalations.wayOf(subject));
    return way === undefined ? [] : [{ subject, way }];
  });
}

function escalationsOf(inventory: Inventory, minor: number): Escalations {
  // The search reads no clock and no list of registries.
  return escalationsIn({ inventory, options: { minor, today: '', allowedRegistries: [] } });
}

function questionText({ verb, what, name, namespace }: WhoCanWish): string {
  return `${verb} ${what}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
}

export function answerWhoCan(inventory: Inventory, wish: WhoCanWish): WhoCanAnswer {
  const { holders, open } = whoCan(inventory, readQuestion(wish), wish.namespace);
  const direct = new Set(holders.map(({ identity }) => identityKey(identity)));
  return {
    schema: 'nowwhat.dev/who-can/v1',
    question: questionText(wish),
    holders: holders.map(({ identity, grants }) => ({
      subject: identity,
      grants: grants.map((grant) => grantView(inventory, grant)),
    })),
    detours: findDetours(inventory, escalationsOf(inventory, wish.minor), direct),
    open: open.map(openView),
  };
}

const subjectKinds: Readonly<Record<string, Identity['kind']>> = {
  sa: 'ServiceAccount',
  serviceaccount: 'ServiceAccount',
  user: 'User',
  group: 'Group',
};

const subjectHelp = 'Write sa:NAMESPACE/NAME, user:NAME, group:NAME, or KIND/NAMESPACE/NAME of a workload.';

/** `Deployment/shop/web`: the account that its pods have. */
function accountOfWorkload(inventory: Inventory, text: string): Identity {
  const [kind = '', namespace = '', name = ''] = text.split('/');
  const workload = inventory.workloads.find(
    ({ object }) =>
      object.kind.toLowerCase() === kind.toLowerCase() && object.namespace === namespace && object.name === name,
  );
  if (workload !== undefined) return accountOf(workload);
  throw new UserError('invalid-option', `the input holds no workload "${text}"`, subjectHelp);
}

/** `sa:shop/web`, `user:jana`, `group:ops`; `undefined` for what is none of these. */
function readIdentity(text: string): Identity | undefined {
  if (text.startsWith('system:serviceaccount:')) return identityOf({ kind: 'User', namespace: '', name: text });
  const colon = text.indexOf(':');
  const kind = subjectKinds[text.slice(0, Math.max(colon, 0)).toLowerCase()];
  const rest = text.slice(colon + 1);
  if (kind === undefined || rest === '') return undefined;
  if (kind !== 'ServiceAccount') return identityOf({ kind, namespace: '', name: rest });
  const [namespace = '', name = ''] = rest.split('/');
  return name === '' ? undefined : { kind, namespace, name };
}

function readSubject(inventory: Inventory, text: string): Identity {
  const identity = readIdentity(text);
  if (identity !== undefined) return identity;
  if (text.split('/').length === 3) return accountOfWorkload(inventory, text);
  throw new UserError('invalid-option', `"${text}" is no subject of rights`, subjectHelp);
}

export function answerWhatCan(inventory: Inventory, subjectText: string, minor: number): WhatCanAnswer {
  const subject = readSubject(inventory, subjectText);
  const { grants, open } = whatCan(inventory, subject);
  const detour = describeWay(escalationsOf(inventory, minor).wayOf(subject));
  return {
    schema: 'nowwhat.dev/what-can/v1',
    subject,
    grants: grants.map((grant) => grantView(inventory, grant)),
    ...(detour === undefined ? {} : { detour }),
    open: open.map(openView),
  };
}
