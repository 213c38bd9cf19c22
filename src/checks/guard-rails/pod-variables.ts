// The names that rules over pods use: where each kind keeps its pod template, and what of it most rules ask for.

import { celList, celText, type RailKind, type RailOptions } from './guard-rail.ts';
import type { PodPlace } from './pod-places.ts';

type PlacedKind = RailKind & { readonly place: PodPlace };

function placedKinds(kinds: readonly RailKind[]): PlacedKind[] {
  return kinds.filter((each): each is PlacedKind => each.place !== undefined);
}

function isKind({ group, kind }: RailKind): string {
  return `request.kind.group == ${celText(group)} && request.kind.kind == ${celText(kind)}`;
}

/** Fields that may be missing; names that are no words of CEL are asked for as keys. */
function fieldAt(object: string, path: readonly string[]): string {
  const step = (name: string): string => (/^[a-z][A-Za-z0-9]*$/.test(name) ? `.?${name}` : `[?${celText(name)}]`);
  return `dyn(${object})${path.map(step).join('')}`;
}

/** A spec alone becomes a template, so that all rules find it where they look. */
function placeText({ path, holds }: PodPlace, object: string): string {
  const value = `${fieldAt(object, path)}.orValue({})`;
  return holds === 'template' ? value : `{'spec': ${value}}`;
}

/** One for each kind and place: versions of a kind that agree need no second. */
function once(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** The pod template of an object in CEL. `dyn`: its type differs by kind, and a policy for several kinds would get a warning for each of them. */
export function templateText(object: string, kinds: readonly RailKind[]): string {
  const placed = once(placedKinds(kinds).map((each) => `${isKind(each)} ? ${placeText(each.place, object)}`));
  return [
    `request.kind.kind == 'Pod' ? dyn(${object})`,
    `request.kind.kind == 'PodTemplate' ? dyn(${object}).?template.orValue({})`,
    `request.kind.kind == 'CronJob' ? dyn(${object}).spec.jobTemplate.spec.template`,
    ...placed,
    `dyn(${object}).?spec.?template.orValue({})`,
  ].join('\n: ');
}

/** Whether an object of another's kind holds a pod at all, as a Rollout that refers to a Deployment does not. `groups` are those with the usual place. */
export function hasTemplateText(kinds: readonly RailKind[], groups: Iterable<string>): string {
  const placed = once(
    placedKinds(kinds).map((each) => {
      const { path, holds } = each.place;
      const needed = [...path, ...(holds === 'template' ? ['spec'] : []), 'containers'];
      return `${isKind(each)} ? ${fieldAt('object', needed)}.hasValue()`;
    }),
  );
  const usual = [...groups];
  const rest =
    usual.length === 0
      ? 'true'
      : `!(request.kind.group in ${celList(usual)}) || dyn(object).?spec.?template.?spec.hasValue()`;
  return [...placed, placed.length === 0 ? rest : `(${rest})`].join(' : ');
}

const variables: Readonly<Record<string, string>> = {
  spec: 'variables.template.?spec.orValue({})',
  podContext: 'variables.spec.?securityContext.orValue({})',
  annotations: 'variables.template.?metadata.?annotations.orValue({})',
  volumes: 'variables.spec.?volumes.orValue([])',
  main: 'variables.spec.?containers.orValue([])',
  started: 'variables.main + variables.spec.?initContainers.orValue([])',
  containers: 'variables.started + variables.spec.?ephemeralContainers.orValue([])',
  isLinux: `variables.spec.?os.?name.orValue(variables.spec.?nodeSelector[?'kubernetes.io/os'].orValue('linux')) != 'windows'`,
};

/** User namespaces are on by default from 1.33 (KEP-127). */
function userNamespace(minor: number): string {
  return minor >= 33 ? 'variables.spec.?hostUsers.orValue(true) == false' : 'false';
}

/** All there are, in the order in which they build on each other. */
export function podVariables(kinds: readonly RailKind[], { minor }: RailOptions): Readonly<Record<string, string>> {
  return { template: templateText('object', kinds), ...variables, hasUserNamespace: userNamespace(minor) };
}
