// The kinds of PATCH, told apart by the body's content type. Answers as the API server 1.34 gives them.

import { applyConfig } from '../apply/server-side-apply.ts';
import { validateValue } from '../../kube/schema/index.ts';
import { asObject, isJsonObject, type Json, type JsonObject, type Path, toText } from '../../model/index.ts';
import { timestamp } from '../clock.ts';
import type { Kernel, Write } from '../kernel.ts';
import { applyJsonPatch } from '../../kube/patch/json-patch.ts';
import { applyMergePatch } from '../../kube/patch/merge-patch.ts';
import { applyStrategicMerge } from '../../kube/patch/strategic-merge.ts';
import { badRequest, invalid, StatusError } from '../status-error.ts';
import { required } from '../validation/causes.ts';
import { answerPatch } from './answer-patch.ts';
import { createObject } from './create.ts';
import { compact, metadataOf, nameOf, namespaceOf } from './edit.ts';
import { prune } from './prune.ts';
import { refuseObject, requirePlace } from './read-body.ts';
import { hasStatus, presentAt, requireObject, type Target, targetVersion } from './target.ts';
import { updateObject } from './update.ts';

export interface Patch {
  readonly contentType: string;
  readonly body: Json;
  /** `fieldManager` as the request names it: an apply must. */
  readonly fieldManager: string;
  readonly force: boolean;
}

export const applyType = 'application/apply-patch+yaml';
const strategicType = 'application/strategic-merge-patch+json';
const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', strategicType, applyType];

function unsupported(): StatusError {
  return new StatusError('415: Unsupported Media Type', { code: 415, reason: 'UnsupportedMediaType', details: {} });
}

/** A patched object that cannot be read. */
function refusePatch(problem: string): StatusError {
  const cause = {
    reason: 'FieldValueInvalid',
    message: `Invalid value: the patched object: ${problem}`,
    field: 'patch',
  };
  return invalid({ group: '', kind: '' }, '', [cause]);
}

function patched(kernel: Kernel, { endpoint }: Target, current: JsonObject, { contentType, body }: Patch): JsonObject {
  if (contentType === 'application/json-patch+json') return applyJsonPatch(current, body);
  if (!isJsonObject(body)) throw badRequest('error decoding patch: a merge patch is an object');
  if (contentType === 'application/merge-patch+json') return applyMergePatch(current, body);
  return applyStrategicMerge(kernel.types, endpoint.version.schema, current, body);
}

function dottedPath(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
}

function typedProblem(kernel: Kernel, { endpoint }: Target, config: JsonObject): string | undefined {
  const { schema } = endpoint.version;
  const [unknown] = prune(schema, config, { types: kernel.types, dropsEmpty: false }).unknown;
  if (unknown !== undefined) return `${dottedPath(unknown)}: field not declared in schema`;
  const problem = validateValue(schema, kernel.types, config).find(
    ({ kind }) => kind === 'duplicate-list-key' || kind === 'wrong-type',
  );
  if (problem === undefined) return undefined;
  if (problem.kind === 'wrong-type') return `${dottedPath(problem.path)}: ${problem.message}`;
  return `${dottedPath(problem.path.slice(0, -1))}: duplicate entries for key`;
}

/** The configuration that is applied, without what this way of writing does not reach. */
function readConfig(kernel: Kernel, target: Target, body: Json): JsonObject {
  const { endpoint, subresource } = target;
  const raw = asObject(body);
  const apiVersion = targetVersion(endpoint);
  const group = toText(raw['apiVersion']).includes('/') ? toText(raw['apiVersion']) : `/${toText(raw['apiVersion'])}`;
  if (raw['kind'] !== endpoint.resource.kind || raw['apiVersion'] !== apiVersion)
    throw badRequest(`invalid object type: ${group}, Kind=${toText(raw['kind'])}`);
  const problem = typedProblem(kernel, target, raw);
  const name = `${namespaceOf(raw)}/${nameOf(raw)}; ${group}, Kind=${String(raw['kind'])}`;
  if (problem !== undefined)
    throw new StatusError(`failed to create typed patch object (${name}): ${problem}`, { code: 500 });
  if (metadataOf(raw)['managedFields'] !== undefined) throw badRequest('metadata.managedFields must be nil');
  const rules = { types: kernel.types, dropsEmpty: false };
  const placed = requirePlace(target, prune(endpoint.version.schema, raw, rules).value);
  const { status, ...rest } = placed;
  if (subresource === 'status') {
    const { name: own, namespace, resourceVersion, uid } = metadataOf(placed);
    const metadata = compact({ name: own, namespace, resourceVersion, uid });
    return compact({ apiVersion, kind: raw['kind'], metadata, status });
  }
  return hasStatus(endpoint) ? rest : placed;
}

export interface Patched {
  readonly object: JsonObject;
  readonly isNew: boolean;
}

function applyPatch(kernel: Kernel, target: Target, write: Write, patch: Patch): Patched {
  if (patch.fieldManager === '') {
    const cause = required(['fieldManager'], 'is required for apply patch');
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [cause]);
  }
  const { endpoint, namespace, name, subresource } = target;
  const config = readConfig(kernel, target, patch.body);
  const apiVersion = targetVersion(endpoint);
  const by = { manager: patch.fieldManager, operation: 'Apply', apiVersion, subresource } as const;
  const application = { node: endpoint.version.schema, config, by, force: patch.force, time: timestamp(kernel.clock) };
  const found = kernel.store.get(endpoint.resource.key, namespace, name);
  if (found === undefined && subresource === '') {
    const raw = applyConfig(kernel.types, { ...application, live: undefined });
    return { object: createObject(kernel, target, write, { raw, hasOwners: true }), isNew: true };
  }
  const live = found === undefined ? requireObject(kernel, target) : presentAt(endpoint, found);
  const object = updateObject(kernel, target, write, {
    change: () => applyConfig(kernel.types, { ...application, live }),
    refuse: refuseObject(endpoint),
    hasOwners: true,
    isReplacement: false,
  });
  return { object, isNew: false };
}

export function patchObject(kernel: Kernel, target: Target, write: Write, patch: Patch): Patched {
  const { resource } = target.endpoint;
  const isKnown = patchTypes.includes(patch.contentType);
  if (!isKnown || (resource.isCustom && patch.contentType === strategicType)) throw unsupported();
  if (patch.contentType === applyType) return applyPatch(kernel, target, write, patch);
  const object = updateObject(kernel, target, write, {
    change: (current) => answerPatch(() => patched(kernel, target, current, patch)),
    refuse: refusePatch,
    hasOwners: false,
    isReplacement: false,
  });
  return { object, isNew: false };
}
