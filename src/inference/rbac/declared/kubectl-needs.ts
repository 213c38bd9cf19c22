// What kubectl asks of the API for a command. Held to a real kubectl and a real API server's audit log by a test.

import { accessToRead } from '../../../kube/audit/index.ts';
import { isClusterScopedResource } from '../../../kube/scope.ts';
import { type KubectlCall, type Target, targetsOf } from './kubectl-call.ts';
import type { Need, ResourceNeed } from '../need.ts';

/** Needs, or why they cannot be told: the end of a sentence. */
export type Told = { readonly needs: readonly Need[] } | { readonly unknown: string };

const nothing: Told = { needs: [] };

/** Of a Namespace itself, its own name is the place that the authorizer is asked for. */
function placeOf({ resource: { group, resource }, name }: Target, namespace: string): string {
  if (group === '' && resource === 'namespaces') return name ?? '';
  return isClusterScopedResource(group, resource) ? '' : namespace;
}

function need(verb: string, target: Target, { namespace }: KubectlCall): ResourceNeed {
  const { resource, name } = target;
  const isCreate = verb === 'create' && resource.subresource === undefined;
  if (isCreate) return { verb, ...resource, namespace: placeOf({ resource, isNamed: false }, namespace) };
  return { verb, ...resource, namespace: placeOf(target, namespace), ...(name === undefined ? {} : { name }) };
}

function sub(target: Target, subresource: string): Target {
  return { ...target, resource: { ...target.resource, subresource } };
}

const pods: Target = { resource: { group: '', resource: 'pods' }, isNamed: false };

/** `kubectl get all`. */
const all = [
  'pods',
  'replicationcontrollers',
  'services',
  'daemonsets',
  'deployments',
  'replicasets',
  'statefulsets',
  'horizontalpodautoscalers',
  'cronjobs',
  'jobs',
];

type Verbs = (target: Target, call: KubectlCall) => readonly Need[];

function forEachTarget(call: KubectlCall, verbs: Verbs, usual?: string): Told {
  const targets = targetsOf(call.operands, usual);
  if (targets === undefined) return { unknown: `"${call.operands.join(' ')}" names no resource that can be told` };
  return { needs: targets.flatMap((target) => verbs(target, call)) };
}

function named(...verbs: readonly string[]): Verbs {
  return (target, call) => verbs.map((verb) => need(verb, target, call));
}

const watchOne = named('get', 'list', 'watch');

function rawPath(path: string): Told {
  const need = path.includes('$') ? undefined : accessToRead(path);
  return need === undefined ? { unknown: 'its path is not known' } : { needs: [need] };
}

function get(call: KubectlCall): Told {
  const raw = call.options.get('raw')?.at(-1);
  if (raw !== undefined) return rawPath(raw);
  const isWatch = call.options.has('watch') || call.options.has('watch-only');
  const operands = call.operands[0] === 'all' ? [all.join(',')] : call.operands;
  return forEachTarget({ ...call, operands }, (target, own) => [
    need(target.isNamed ? 'get' : 'list', target, own),
    ...(isWatch ? ['list', 'watch'].map((verb) => need(verb, target, own)) : []),
  ]);
}

/** A pod, or one of the pods of a workload. */
function inPod(subresource: string, verbs: readonly string[]): Verbs {
  return (target, call) => {
    const isPod = target.resource.resource === 'pods';
    const pod = isPod ? target : pods;
    return [
      need('get', target, call),
      ...(isPod ? [] : [need('list', pods, call)]),
      ...verbs.map((verb) => need(verb, sub(pod, subresource), call)),
    ];
  };
}

function logs(call: KubectlCall): Told {
  const [first = ''] = call.operands;
  if (call.options.has('selector')) return { needs: [need('list', pods, call), need('get', sub(pods, 'log'), call)] };
  return forEachTarget({ ...call, operands: [first] }, inPod('log', ['get']), first.includes('/') ? undefined : 'pods');
}

function intoPod(subresource: string): (call: KubectlCall) => Told {
  return (call) => {
    const [first = ''] = call.operands;
    // By a WebSocket (get, since kubectl 1.31) or by SPDY (create).
    return forEachTarget(
      { ...call, operands: [first] },
      inPod(subresource, ['get', 'create']),
      first.includes('/') ? undefined : 'pods',
    );
  };
}

/** By label or all of them: kubectl lists, and deletes one by one. */
function remove(call: KubectlCall): Told {
  if (call.options.has('filename')) return { unknown: 'it deletes what a file holds' };
  return forEachTarget(call, (target, own) => [
    ...(target.isNamed ? [] : [need('list', target, own)]),
    need('delete', target, own),
  ]);
}

function isDryRun({ options }: KubectlCall): boolean {
  const value = options.get('dry-run')?.at(-1);
  return value === 'client' || value === 'true';
}

/** `kubectl create deployment web`: the object that it makes. */
export function createdTarget(call: KubectlCall): Target | undefined {
  const type = /^create (\S+)$/.exec(call.action)?.[1];
  if (type === undefined || type === 'token') return undefined;
  const name = call.operands.at(type === 'secret' || type === 'service' ? 1 : 0);
  return targetsOf([type === 'secret' ? 'secrets' : type, name ?? '$NAME'])?.[0];
}

function create(call: KubectlCall): Told {
  if (isDryRun(call)) return nothing;
  if (call.action === 'create token') {
    const accounts = targetsOf(['serviceaccounts', ...call.operands.slice(0, 1)]) ?? [];
    return { needs: accounts.map((target) => need('create', sub(target, 'token'), call)) };
  }
  const target = createdTarget(call);
  if (target === undefined) return { unknown: 'it creates what a file holds' };
  const from = call.options.get('from')?.at(-1);
  const source = from === undefined ? [] : (targetsOf([from]) ?? []);
  return { needs: [...source.map((each) => need('get', each, call)), need('create', target, call)] };
}

/** What `kubectl apply` does with one object. */
export function needsToApply(target: Target, call: KubectlCall): Need[] {
  const isServerSide = call.options.get('server-side')?.at(-1) === 'true';
  return [
    ...(isServerSide ? [] : [need('get', target, call)]),
    need('patch', target, call),
    need('create', target, call),
  ];
}

function rolloutUndo(target: Target, call: KubectlCall): Need[] {
  const revisions = target.resource.resource === 'deployments' ? 'replicasets' : 'controllerrevisions';
  const history = { resource: { group: 'apps', resource: revisions }, isNamed: false };
  return [need('get', target, call), need('list', history, call), need('patch', target, call)];
}

const node = (verbs: readonly string[]) => (call: KubectlCall) => forEachTarget(call, named(...verbs), 'nodes');

function drain(call: KubectlCall): Told {
  const everywhere = { ...call, namespace: '' };
  const sets = { resource: { group: 'apps', resource: 'daemonsets' }, isNamed: true };
  const told = node(['get', 'patch'])(call);
  if ('unknown' in told) return told;
  const evict = need('create', sub(pods, 'eviction'), everywhere);
  const look = ['get', 'list'].map((verb) => need(verb, pods, everywhere));
  return { needs: [...told.needs, ...look, evict, need('get', sets, everywhere)] };
}

const each =
  (...verbs: readonly string[]) =>
  (call: KubectlCall) =>
    forEachTarget(call, named(...verbs));
const none = (): Told => nothing;

const actions: Readonly<Record<string, (call: KubectlCall) => Told>> = {
  get,
  logs,
  delete: remove,
  exec: intoPod('exec'),
  attach: intoPod('attach'),
  'port-forward': intoPod('portforward'),
  scale: (call) =>
    forEachTarget(call, (target, own) => [need('get', target, own), need('patch', sub(target, 'scale'), own)]),
  patch: each('get', 'patch'),
  label: (call) => forEachTarget({ ...call, operands: withoutPairs(call.operands) }, named('get', 'patch')),
  annotate: (call) => forEachTarget({ ...call, operands: withoutPairs(call.operands) }, named('get', 'patch')),
  wait: (call) =>
    forEachTarget(call, (target, own) => [
      ...(target.isNamed ? [need('get', target, own)] : []),
      ...['list', 'watch'].map((verb) => need(verb, target, own)),
    ]),
  cordon: node(['get', 'patch']),
  uncordon: node(['get', 'patch']),
  drain,
  'rollout restart': each('get', 'patch'),
  'rollout status': (call) => forEachTarget(call, watchOne),
  'rollout undo': (call) => forEachTarget(call, rolloutUndo),
  'set image': (call) => forEachTarget({ ...call, operands: withoutPairs(call.operands) }, named('get', 'patch')),
  'set env': (call) => forEachTarget({ ...call, operands: withoutPairs(call.operands) }, named('get', 'patch')),
  'top pods': (call) => ({
    needs: [{ verb: 'list', group: 'metrics.k8s.io', resource: 'pods', namespace: call.namespace }],
  }),
  'top nodes': () => ({ needs: [{ verb: 'list', group: 'metrics.k8s.io', resource: 'nodes', namespace: '' }] }),
  version: none,
  'cluster-info': none,
  'api-resources': none,
  'api-versions': none,
  explain: none,
  completion: none,
  kustomize: none,
  'auth can-i': none,
  'auth whoami': none,
};

/** `a=b`, `a-`: what is set, and no object. */
function withoutPairs(operands: readonly string[]): string[] {
  return operands.filter((word) => !/=|.-$/.test(word));
}

export function needsOfKubectl(call: KubectlCall): Told {
  if (call.namespace.includes('$')) return { unknown: 'its namespace is not known' };
  if (call.action.startsWith('config')) return nothing;
  if (call.action.startsWith('create')) return create(call);
  const told = actions[call.action];
  return told === undefined ? { unknown: `what kubectl ${call.action} needs is not known` } : told(call);
}
