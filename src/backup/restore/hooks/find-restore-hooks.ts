// What is to run in a pod that comes back: init containers before its own, commands when it is up. Annotations go before the spec. Pure.

import { asArray, asObject, asString, type Json, type JsonObject } from '../../../model/index.ts';
import { parseCommand } from '../../hooks/find-hooks.ts';
import { parseTimeout, usualTimeout } from '../../hooks/hook-spec.ts';
import { type RestoreExec, type RestoreHookSpec, usualWait } from './restore-hook-spec.ts';

/** A command in a pod where that goes. */
export interface PodExec extends RestoreExec {
  readonly namespace: string;
  readonly pod: string;
}

const execPrefix = 'post.hook.restore.velero.io/';
const initPrefix = 'init.hook.restore.velero.io/';

/** As Go reads truths. */
const yes: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'True', 'TRUE']);

function annotationsOf(pod: JsonObject, prefix: string): (name: string) => string {
  const annotations = asObject(asObject(pod['metadata'])['annotations']);
  return (name) => asString(annotations[`${prefix}${name}`]) ?? '';
}

function annotatedExec(pod: JsonObject): RestoreExec | undefined {
  const text = annotationsOf(pod, execPrefix);
  if (text('command') === '') return undefined;
  return {
    container: text('container'),
    command: parseCommand(text('command')),
    onError: text('on-error') === 'Fail' ? 'Fail' : 'Continue',
    timeout: parseTimeout(text('exec-timeout')) ?? usualTimeout,
    waitTimeout: parseTimeout(text('wait-timeout')) ?? usualWait,
    waitForReady: yes.has(text('wait-for-ready')),
  };
}

function specsFor(pod: JsonObject, namespace: string, specs: readonly RestoreHookSpec[]): readonly RestoreHookSpec[] {
  const labels = asObject(asObject(pod['metadata'])['labels']);
  return specs.filter((spec) => spec.takes(namespace, labels, pod));
}

/** Without specs no hook is wanted. `namespace`: where the pod goes, which is what a spec's namespaces are about, as for Velero. */
export function findRestoreExecs(
  pod: JsonObject,
  namespace: string,
  specs: readonly RestoreHookSpec[] | undefined,
): readonly PodExec[] {
  if (specs === undefined) return [];
  const [first] = asArray(asObject(pod['spec'])['containers']);
  const annotated = annotatedExec(pod);
  const execs = annotated === undefined ? specsFor(pod, namespace, specs).flatMap((spec) => spec.execs) : [annotated];
  const name = asString(asObject(pod['metadata'])['name']) ?? '';
  const usual = asString(asObject(first)['name']) ?? '';
  return execs.map((each) => ({
    ...each,
    namespace,
    pod: name,
    container: each.container === '' ? usual : each.container,
  }));
}

function annotatedInit(pod: JsonObject): JsonObject | undefined {
  const text = annotationsOf(pod, initPrefix);
  if (text('container-image') === '') return undefined;
  return {
    name: text('container-name') === '' ? 'restore-init' : text('container-name'),
    image: text('container-image'),
    // Without one the image runs what it is for.
    ...(text('command') === '' ? {} : { command: [...parseCommand(text('command'))] }),
  };
}

/** Names within a pod are unique: a second one of the same name gets a number. */
function withOwnNames(added: readonly JsonObject[], taken: readonly Json[]): JsonObject[] {
  const names = new Set(taken.map((each) => asString(asObject(each)['name']) ?? ''));
  return added.map((container, index) => {
    const wanted = asString(container['name']) ?? `restore-init-${index}`;
    let name = wanted;
    for (let number = 1; names.has(name); number += 1) name = `${wanted}-${number}`;
    names.add(name);
    return { ...container, name };
  });
}

function isAdded(containers: readonly Json[], added: readonly JsonObject[]): boolean {
  return added.every((each) => containers.some((other) => asObject(other)['name'] === each['name']));
}

/** The pod with the init containers of its hooks before its own. A pod that has them, from an earlier restore, is left as it is. */
export function addInitContainers(pod: JsonObject, namespace: string, specs: readonly RestoreHookSpec[]): JsonObject {
  const annotated = annotatedInit(pod);
  const added =
    annotated === undefined ? specsFor(pod, namespace, specs).flatMap((each) => each.initContainers) : [annotated];
  const spec = asObject(pod['spec']);
  const own = asArray(spec['initContainers']);
  if (added.length === 0 || isAdded(own, added)) return pod;
  const first = withOwnNames(added, [...own, ...asArray(spec['containers'])]);
  return { ...pod, spec: { ...spec, initContainers: [...first, ...own] } };
}
