// What to say of an object whose API version is on its way out, gone or not there yet.

import { type ApiJudgement, judgeApi } from '../../kube/lifecycle/index.ts';
import type { Diagnostic, Edit, KubeObject } from '../../model/index.ts';
import { moveFields } from './migrate.ts';
import { keepsShape } from './same-shape.ts';

type State = Exclude<ApiJudgement['state'], 'current'>;

function describe(state: State, { lifecycle }: ApiJudgement, minor: number): string {
  const { deprecatedIn, removedIn, introducedIn, component } = lifecycle;
  const release = component === 'kubernetes' ? 'Kubernetes' : component;
  switch (state) {
    case 'removed':
      return `was removed in ${release} ${removedIn ?? ''} and is refused by 1.${minor}`;
    case 'deprecated':
      return `is deprecated since ${release} ${deprecatedIn ?? ''}${removedIn === undefined ? '' : ` and goes in ${removedIn}`}`;
    case 'not-yet':
      return `came with ${release} ${introducedIn ?? ''} and is not known to 1.${minor}`;
  }
}

/** A diagnostic where the object's API version is in this state for the target version. */
export function findLifecycle(
  { apiVersion, kind, name }: KubeObject,
  state: State,
  minor: number,
): Diagnostic | undefined {
  const judgement = judgeApi(apiVersion, kind, minor);
  if (judgement === undefined || judgement.state !== state) return undefined;
  const { replacement, note } = judgement;
  const use = replacement === undefined ? '' : `: use ${replacement.apiVersion} ${replacement.kind}`;
  return {
    message: `${apiVersion} of ${kind} "${name}" ${describe(state, judgement, minor)}${use}`,
    path: ['apiVersion'],
    evidence: note ?? 'table of API lifecycles',
  };
}

/** The edits of the version and of the fields that changed with it, where both are known. */
export function fixLifecycle(object: KubeObject, minor: number): readonly Edit[] | undefined {
  const { apiVersion, kind, raw } = object;
  const replacement = judgeApi(apiVersion, kind, minor)?.replacement;
  if (replacement === undefined || replacement.kind !== kind) return undefined;
  const moved = keepsShape(apiVersion, kind, raw) ? [] : moveFields(object);
  return moved === undefined
    ? undefined
    : [{ op: 'set', path: ['apiVersion'], value: replacement.apiVersion }, ...moved];
}
