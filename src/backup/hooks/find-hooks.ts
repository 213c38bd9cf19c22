// Which commands are to run in a pod before and after it is saved: those of its annotations, else those of the backup's spec. Pure.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { type HookCommandSpec, type HookSpec, parseTimeout, usualTimeout } from './hook-spec.ts';

export type HookPhase = 'pre' | 'post';

/** A command of a hook, as it will run. */
export interface PodHook extends HookCommandSpec {
  readonly phase: HookPhase;
  /** `annotation`, or the name of the entry in the spec. */
  readonly source: string;
}

export interface PodHooks {
  readonly namespace: string;
  readonly pod: string;
  readonly pre: readonly PodHook[];
  readonly post: readonly PodHook[];
  /** Annotations that say something else than was meant. */
  readonly warnings: readonly string[];
}

/** A JSON array is program and arguments; all else is one program. Source: Velero 1.18. */
export function parseCommand(text: string): readonly string[] {
  if (!text.startsWith('[')) return [text];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string')) return value;
  } catch {
    // As Velero does: then it is a program with an odd name, and running it tells.
  }
  return [text];
}

interface Annotated {
  readonly hook: PodHook | undefined;
  readonly warnings: readonly string[];
}

/** The names without `pre.` are those that Velero had before there were post hooks. */
const prefixes: Readonly<Record<HookPhase, readonly string[]>> = {
  pre: ['pre.hook.backup.velero.io/', 'hook.backup.velero.io/'],
  post: ['post.hook.backup.velero.io/'],
};

function annotatedHook(annotations: JsonObject, phase: HookPhase, firstContainer: string): Annotated {
  const prefix = prefixes[phase].find((each) => (asString(annotations[`${each}command`]) ?? '') !== '');
  if (prefix === undefined) return { hook: undefined, warnings: [] };
  const text = (name: string): string => asString(annotations[`${prefix}${name}`]) ?? '';
  const warnings: string[] = [];
  const onError = text('on-error');
  if (!['', 'Fail', 'Continue'].includes(onError))
    warnings.push(`the annotation ${prefix}on-error is "${onError}", neither Fail nor Continue: Fail is taken`);
  const timeout = text('timeout') === '' ? usualTimeout : parseTimeout(text('timeout'));
  if (timeout === undefined)
    warnings.push(`the annotation ${prefix}timeout is "${text('timeout')}", which is no duration: 30s is taken`);
  const hook: PodHook = {
    phase,
    source: 'annotation',
    container: text('container') === '' ? firstContainer : text('container'),
    command: parseCommand(text('command')),
    onError: onError === 'Continue' ? 'Continue' : 'Fail',
    timeout: timeout ?? usualTimeout,
  };
  return { hook, warnings };
}

/** The one that commands run in where nobody names another. */
export function firstContainerOf(pod: JsonObject): string {
  const [first] = asArray(asObject(pod['spec'])['containers']);
  return asString(asObject(first)['name']) ?? '';
}

function hooksOfPhase(pod: JsonObject, phase: HookPhase, specs: readonly HookSpec[]): readonly [PodHook[], string[]] {
  const { namespace, labels, annotations } = asObject(pod['metadata']);
  const firstContainer = firstContainerOf(pod);
  const { hook, warnings } = annotatedHook(asObject(annotations), phase, firstContainer);
  if (hook !== undefined) return [[hook], [...warnings]];
  const hooks = specs
    .filter((spec) => spec.takes(asString(namespace) ?? '', asObject(labels), pod))
    .flatMap((spec) => spec[phase].map((each) => ({ ...each, phase, source: spec.name })))
    .map((each) => ({ ...each, container: each.container === '' ? firstContainer : each.container }));
  return [hooks, []];
}

/** `undefined` for a pod without hooks. One that has ended runs no commands: its hooks are none. */
export function findPodHooks(pod: JsonObject, specs: readonly HookSpec[]): PodHooks | undefined {
  const { namespace, name } = asObject(pod['metadata']);
  const phase = asString(asObject(pod['status'])['phase']) ?? '';
  if (phase === 'Succeeded' || phase === 'Failed') return undefined;
  const [pre, preWarnings] = hooksOfPhase(pod, 'pre', specs);
  const [post, postWarnings] = hooksOfPhase(pod, 'post', specs);
  if (pre.length + post.length === 0) return undefined;
  const warnings = [...preWarnings, ...postWarnings];
  return { namespace: asString(namespace) ?? '', pod: asString(name) ?? '', pre, post, warnings };
}
