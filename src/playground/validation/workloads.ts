// Rules of pods and of what makes them, as far as manifests break them in practice. Source: pkg/apis/{core,apps,batch}/validation.

import { dns1123LabelProblem } from '../../kube/names.ts';
import { containersOf } from '../../kube/pod-template.ts';
import { compileSelector } from '../../kube/selectors.ts';
import { asArray, asNumber, asObject, asString, type JsonObject, type Path } from '../../model/index.ts';
import { labelsOf, specOf } from '../objects/edit.ts';
import type { Cause } from '../status-error.ts';
import { duplicate, invalidValue, notFoundValue, notSupported, required } from './causes.ts';
import { labelCauses } from './metadata.ts';

function portCauses(ports: readonly JsonObject[], path: Path): Cause[] {
  return ports.flatMap((port, index) => {
    const number = asNumber(port['containerPort']) ?? 0;
    const at = [...path, 'ports', index, 'containerPort'];
    if (number === 0) return [required(at)];
    return number > 65535 || number < 0 ? [invalidValue(at, number, 'must be between 1 and 65535, inclusive')] : [];
  });
}

function containerCauses(raw: JsonObject, path: Path, volumes: ReadonlySet<string>): Cause[] {
  const name = asString(raw['name']) ?? '';
  const problem = name === '' ? undefined : dns1123LabelProblem(name);
  const mounts = asArray(raw['volumeMounts']).map(asObject);
  return [
    ...(problem === undefined ? [] : [invalidValue([...path, 'name'], name, problem)]),
    ...((asString(raw['image']) ?? '') === '' ? [required([...path, 'image'])] : []),
    ...portCauses(asArray(raw['ports']).map(asObject), path),
    ...mounts.flatMap((mount, index) =>
      volumes.has(asString(mount['name']) ?? '')
        ? []
        : [notFoundValue([...path, 'volumeMounts', index, 'name'], mount['name'])],
    ),
  ];
}

function restartCauses(spec: JsonObject, path: Path, allowed: readonly string[]): Cause[] {
  const policy = asString(spec['restartPolicy']) ?? '';
  return allowed.includes(policy) ? [] : [notSupported([...path, 'restartPolicy'], policy, allowed)];
}

export function podSpecCauses(spec: JsonObject, path: Path): Cause[] {
  const volumes = new Set(asArray(spec['volumes']).map((each) => asString(asObject(each)['name']) ?? ''));
  const containers = containersOf(spec, path);
  const seen = new Set<string>();
  return containers.flatMap(({ name, raw, path: at }) => {
    const isAgain = seen.has(name);
    seen.add(name);
    return [...containerCauses(raw, at, volumes), ...(isAgain ? [duplicate([...at, 'name'], name)] : [])];
  });
}

function selectorCauses(spec: JsonObject, labels: JsonObject): Cause[] {
  const raw = spec['selector'];
  if (raw === undefined) return [];
  const selector = compileSelector(raw);
  const path = ['spec', 'selector'];
  if (selector.invalid !== undefined) return [invalidValue(path, raw, selector.invalid)];
  if (selector.isEmpty) return [invalidValue(path, raw, 'empty selector is invalid for deployment')];
  if (selector.matches(labels)) return [];
  return [
    invalidValue(['spec', 'template', 'metadata', 'labels'], labels, '`selector` does not match template `labels`'),
  ];
}

function replicasCauses(spec: JsonObject, names: readonly string[]): Cause[] {
  return names.flatMap((name) => {
    const value = asNumber(spec[name]) ?? 0;
    return value < 0 ? [invalidValue(['spec', name], value, 'must be greater than or equal to 0')] : [];
  });
}

interface TemplateRules {
  readonly restartPolicies: readonly string[];
  readonly hasSelector: boolean;
}

function templateCauses(spec: JsonObject, path: Path, { restartPolicies, hasSelector }: TemplateRules): Cause[] {
  const template = asObject(spec['template']);
  if (spec['template'] === undefined) return [];
  const labels = labelsOf(template);
  const podSpec = specOf(template);
  const at = [...path, 'template'];
  return [
    ...(hasSelector ? selectorCauses(spec, labels) : []),
    ...labelCauses(labels, [...at, 'labels']),
    ...podSpecCauses(podSpec, [...at, 'spec']),
    ...restartCauses(podSpec, [...at, 'spec'], restartPolicies),
  ];
}

const lasting: TemplateRules = { restartPolicies: ['Always'], hasSelector: true };
const ending: TemplateRules = { restartPolicies: ['OnFailure', 'Never'], hasSelector: false };

export function workloadCauses(object: JsonObject): Cause[] {
  const spec = specOf(object);
  return [...replicasCauses(spec, ['replicas']), ...templateCauses(spec, ['spec'], lasting)];
}

export function jobCauses(object: JsonObject): Cause[] {
  const spec = specOf(object);
  const numbers = ['parallelism', 'completions', 'backoffLimit'];
  return [...replicasCauses(spec, numbers), ...templateCauses(spec, ['spec'], ending)];
}

export function cronJobCauses(object: JsonObject): Cause[] {
  const spec = specOf(asObject(specOf(object)['jobTemplate']));
  return templateCauses(spec, ['spec', 'jobTemplate', 'spec'], ending);
}

export function podCauses(object: JsonObject): Cause[] {
  return podSpecCauses(specOf(object), ['spec']);
}
