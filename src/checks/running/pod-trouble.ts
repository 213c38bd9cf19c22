// Why a pod is not ready, in one clause: from the scheduler, the kubelet or the program itself.

import { tellEnd } from '../../kube/live/container-end.ts';
import { asArray, asObject, asString, type JsonObject, type KubeObject, toText } from '../../model/index.ts';
import { asClause, countIn, findCondition, readConditions, specOf, statusOf } from './live-check.ts';

export interface PodTrouble {
  /** Continues `0 of 2 pods are ready: `. Equal for pods that fail for the same reason. */
  readonly clause: string;
  /** What the cluster says, word for word where no secret can be in it. */
  readonly evidence: string;
  /** False where waiting may help: the pod is young, and nothing has gone wrong yet. */
  readonly lasting: boolean;
}

export interface ContainerState {
  readonly name: string;
  readonly image: string;
  readonly state: JsonObject;
  readonly last: JsonObject;
  readonly restarts: number;
  readonly ready: boolean;
  readonly started: boolean;
}

export function readContainers(list: unknown): ContainerState[] {
  return asArray(list)
    .map(asObject)
    .map((each) => ({
      name: asString(each['name']) ?? '',
      image: asString(each['image']) ?? '',
      state: asObject(each['state']),
      last: asObject(asObject(each['lastState'])['terminated']),
      restarts: countIn(each, 'restartCount'),
      ready: each['ready'] === true,
      started: each['started'] !== false,
    }));
}

/** Why images are not pulled, by the words of registries and runtimes. */
const pullWords: readonly (readonly [RegExp, string])[] = [
  [/no match for platform|exec format/i, 'it is not made for this kind of node'],
  [/toomanyrequests|rate limit/i, 'the registry allows no more pulls for now'],
  [
    /unauthorized|authorization failed|authentication required|denied|forbidden|\b40[13]\b/i,
    'the registry refuses it: no right, or no such repository',
  ],
  [/not found|manifest unknown|does not exist|\b404\b/i, 'the registry does not have it'],
  [/no such host|dial tcp|timeout|connection refused|i\/o|deadline/i, 'the registry is not reached'],
  [/\bx509\b|\btls:/i, 'the certificate of the registry is not trusted'],
];

const pullReasons: Readonly<Record<string, string>> = {
  ErrImagePull: '',
  ImagePullBackOff: '',
  RegistryUnavailable: 'the registry is not reached',
  ErrImageNeverPull: 'the node does not have it and may not pull it',
  InvalidImageName: 'its name is not valid',
  ImageInspectError: 'the node cannot read it',
  SignatureValidationFailed: 'its signature is not valid',
};

function tellPull({ name, image }: ContainerState, reason: string, words: string): PodTrouble {
  const why = pullReasons[reason] || pullWords.find(([pattern]) => pattern.test(words.replaceAll(image, '')))?.[1];
  return {
    clause: `container "${name}" does not get its image "${image}"${why === undefined ? '' : `, ${why}`}`,
    // The rest of the message may hold an address with a token.
    evidence: reason,
    lasting: true,
  };
}

function tellCrash({ name, state, last, restarts }: ContainerState): PodTrouble {
  const terminated = Object.keys(last).length > 0 ? last : asObject(state['terminated']);
  const verb = terminated['reason'] === 'OOMKilled' ? 'runs out of memory again and again' : 'ends again and again';
  return {
    clause: `container "${name}" ${verb}, last with ${tellEnd(terminated)}`,
    evidence: `CrashLoopBackOff after ${restarts} restart${restarts === 1 ? '' : 's'}`,
    lasting: true,
  };
}

/** Reasons of the kubelet that no waiting cures. Source: pkg/kubelet/kuberuntime and pkg/kubelet/container of Kubernetes 1.34. */
const startReasons: Readonly<Record<string, string>> = {
  CreateContainerConfigError: 'cannot be configured',
  CreateContainerError: 'cannot be made',
  RunContainerError: 'cannot be started',
  StartError: 'cannot be started',
  ContainerCannotRun: 'cannot be started',
  PreCreateHookError: 'cannot be made',
  PreStartHookError: 'cannot be started',
  PostStartHookError: 'fails in its hook after the start',
};

function ofWaiting(container: ContainerState): PodTrouble | undefined {
  const waiting = asObject(container.state['waiting']);
  const reason = asString(waiting['reason']) ?? '';
  const words = asString(waiting['message']) ?? '';
  if (Object.hasOwn(pullReasons, reason)) return tellPull(container, reason, words);
  if (reason === 'CrashLoopBackOff') return tellCrash(container);
  const told = startReasons[reason];
  if (told === undefined) return undefined;
  const why = words === '' ? '' : `: ${asClause(words)}`;
  return { clause: `container "${container.name}" ${told}${why}`, evidence: reason, lasting: true };
}

function ofEnded(container: ContainerState): PodTrouble | undefined {
  const terminated = asObject(container.state['terminated']);
  if (container.state['terminated'] === undefined) return undefined;
  if (startReasons[asString(terminated['reason']) ?? ''] !== undefined)
    return {
      clause: `container "${container.name}" cannot be started`,
      evidence: `${tellEnd(terminated)}: the program is not in the image, or may not be run`,
      lasting: true,
    };
  const { restarts, name } = container;
  return {
    clause: `container "${name}" has ended with ${tellEnd(terminated)}`,
    evidence: `${tellEnd(terminated)}, ${restarts} restarts`,
    lasting: restarts > 0 && countIn(terminated, 'exitCode') !== 0,
  };
}

function tellProbe(pod: KubeObject, { name, started }: ContainerState): PodTrouble {
  const spec = asArray(specOf(pod)['containers'])
    .map(asObject)
    .find((each) => each['name'] === name);
  const kind = started ? 'readinessProbe' : 'startupProbe';
  const probe = asObject(asObject(spec)[kind]);
  const way = ['httpGet', 'tcpSocket', 'grpc', 'exec'].find((each) => probe[each] !== undefined);
  const { path, port } = asObject(probe[way ?? '']);
  const place = way === undefined || way === 'exec' ? '' : `, ${way} of port ${toText(port)}${asString(path) ?? ''}`;
  return {
    clause: `container "${name}" runs, and its ${started ? 'readiness' : 'startup'} probe does not succeed`,
    evidence: `container "${name}" is not ${started ? 'ready' : 'started'}${place}`,
    lasting: false,
  };
}

function ofScheduling(pod: KubeObject): PodTrouble | undefined {
  const scheduled = findCondition(pod, 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  if (scheduled.reason === 'SchedulingGated')
    return {
      clause: 'pods are held back by a scheduling gate',
      evidence: asClause(scheduled.message) || 'SchedulingGated',
      lasting: false,
    };
  const why = asClause(scheduled.message);
  return {
    clause: `no node takes ${pod.kind === 'Pod' ? 'the pods' : 'them'}${why === '' ? '' : `, ${why}`}`,
    evidence: `PodScheduled is False, ${scheduled.reason}`,
    lasting: true,
  };
}

/** A sidecar among the init containers has done its part once it has started. */
function isPassed({ state, started, ready }: ContainerState): boolean {
  return state['terminated'] === undefined
    ? state['running'] !== undefined && started && ready
    : countIn(asObject(state['terminated']), 'exitCode') === 0;
}

function ofInit(pod: KubeObject): PodTrouble | undefined {
  const current = readContainers(statusOf(pod)['initContainerStatuses']).find((each) => !isPassed(each));
  if (current === undefined) return undefined;
  const trouble = ofWaiting(current) ?? ofEnded(current);
  if (trouble !== undefined) return { ...trouble, clause: trouble.clause.replace('container', 'init container') };
  const runs = current.state['running'] !== undefined;
  return {
    clause: `init container "${current.name}" ${runs ? 'has not ended' : 'has not started'}`,
    evidence: runs
      ? 'it runs, and the others wait for it'
      : (asString(asObject(current.state['waiting'])['reason']) ?? 'waiting'),
    lasting: false,
  };
}

function ofContainers(pod: KubeObject): PodTrouble | undefined {
  const unready = readContainers(statusOf(pod)['containerStatuses']).filter(({ ready }) => !ready);
  const found = unready.flatMap((each) => ofWaiting(each) ?? ofEnded(each) ?? []);
  if (found.length > 0) return found.find(({ lasting }) => lasting) ?? found[0];
  const runs = unready.find(({ state }) => state['running'] !== undefined);
  if (runs !== undefined) return tellProbe(pod, runs);
  const [waits] = unready;
  if (waits === undefined) return undefined;
  const reason = asString(asObject(waits.state['waiting'])['reason']) ?? 'waiting';
  return { clause: `container "${waits.name}" has not started yet`, evidence: reason, lasting: false };
}

/** Conditions that an outside controller has to set. */
function ofGates(pod: KubeObject): PodTrouble | undefined {
  const conditions = readConditions(statusOf(pod)['conditions']);
  const gate = asArray(specOf(pod)['readinessGates'])
    .map((each) => asString(asObject(each)['conditionType']) ?? '')
    .find((type) => conditions.every((each) => each.type !== type || each.status !== 'True'));
  if (gate === undefined) return undefined;
  return {
    clause: `the readiness gate "${gate}" is not open`,
    evidence: `condition ${gate} is not True`,
    lasting: false,
  };
}

export function isPodReady(pod: KubeObject): boolean {
  return findCondition(pod, 'Ready')?.status === 'True';
}

/** Why a pod is not ready; `undefined` where it is. */
export function troubleOf(pod: KubeObject): PodTrouble | undefined {
  if (isPodReady(pod)) return undefined;
  const found = ofScheduling(pod) ?? ofInit(pod) ?? ofContainers(pod) ?? ofGates(pod);
  if (found !== undefined) return found;
  const ready = findCondition(pod, 'Ready');
  const node = asString(specOf(pod)['nodeName']) ?? '';
  if (ready === undefined || node === '')
    return { clause: 'pods wait for a node', evidence: 'nobody has scheduled them yet', lasting: false };
  return {
    clause: `node "${node}" does not vouch for it`,
    evidence: asClause(ready.message) || `Ready is ${ready.status}`,
    lasting: ready.status === 'Unknown',
  };
}
