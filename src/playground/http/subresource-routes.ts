// Requests for subresources.

import { asNumber, asObject, type JsonObject, toText, valueAt } from '../../model/index.ts';
import { serviceAccountUser } from '../access/users.ts';
import { answerPatch } from '../objects/answer-patch.ts';
import { evictPod } from '../objects/evict.ts';
import { isDeleting, metadataOf, specOf, withValue } from '../objects/edit.ts';
import { refuseObject } from '../objects/read-body.ts';
import { scaleOf, withScale } from '../objects/scale.ts';
import { requireObject, type Target } from '../objects/target.ts';
import { updateObject } from '../objects/update.ts';
import { applyJsonPatch } from '../../kube/patch/json-patch.ts';
import { applyMergePatch } from '../../kube/patch/merge-patch.ts';
import { badRequest, conflict } from '../status-error.ts';
import { type Answer, type Call, contentTypeOf, type Handled, readBodyObject, readJson } from './call.ts';
import { answerKubelet } from './kubelets.ts';
import { answerLog } from './logs.ts';
import { answerObject } from './object-routes.ts';

function patchedScale(call: Call, scale: JsonObject): JsonObject {
  const type = contentTypeOf(call.request);
  const body = readJson(call, true);
  return answerPatch(() =>
    type === 'application/json-patch+json' ? applyJsonPatch(scale, body) : applyMergePatch(scale, asObject(body)),
  );
}

function answerScale(call: Call, target: Target): Answer {
  const { kernel, write, info } = call;
  const object = { ...target, subresource: '' };
  const current = requireObject(kernel, object);
  if (info.verb === 'get') return { code: 200, body: scaleOf(target, current) };
  const scale = info.verb === 'update' ? readBodyObject(call) : patchedScale(call, scaleOf(target, current));
  const changed = updateObject(kernel, object, write, {
    change: (before) => withScale(target, before, scale),
    refuse: refuseObject(target.endpoint),
    hasOwners: false,
    isReplacement: false,
  });
  return { code: 200, body: scaleOf(target, changed) };
}

/** A token for a service account, good for as long as the playground runs. */
function answerToken(call: Call, target: Target): Answer {
  const { kernel, tokens } = call;
  requireObject(kernel, { ...target, subresource: '' });
  const request = readBodyObject(call);
  const token = `${kernel.newUid()}.${kernel.newUid()}`;
  tokens.add(token, serviceAccountUser(target.namespace, target.name));
  const seconds = asNumber(specOf(request)['expirationSeconds']) ?? 3600;
  const expirationTimestamp = `${new Date(kernel.clock.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;
  const spec = { audiences: ['https://kubernetes.default.svc'], ...specOf(request), expirationSeconds: seconds };
  const { name, namespace } = { name: target.name, namespace: target.namespace };
  return {
    code: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace },
      spec,
      status: { token, expirationTimestamp },
    },
  };
}

function answerBinding(call: Call, target: Target): Answer {
  const { kernel, write } = call;
  const node = valueAt(readBodyObject(call), ['target', 'name']);
  const pod = requireObject(kernel, target);
  if (specOf(pod)['nodeName'] !== undefined || isDeleting(pod))
    throw conflict(
      target.endpoint.resource,
      target.name,
      `pod ${target.name} is already assigned to node "${toText(specOf(pod)['nodeName'])}"`,
    );
  updateObject(kernel, target, write, {
    change: (before) => withValue(before, ['spec', 'nodeName'], node ?? ''),
    refuse: refuseObject(target.endpoint),
    hasOwners: false,
    isReplacement: false,
  });
  return { code: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
}

function answerEviction(call: Call, target: Target): Answer {
  const raw = readBodyObject(call);
  const name = metadataOf(raw)['name'];
  if (name !== undefined && name !== target.name)
    throw badRequest('name in URL does not match name in Eviction object');
  return { code: 201, body: evictPod(call.kernel, target, call.write, raw) };
}

/** A subresource that is the object itself, seen through a narrower door: its status. */
function answerPart(call: Call, target: Target): Handled | 'unknown verb' {
  const isPossible = ['get', 'update', 'patch'].includes(call.info.verb);
  return isPossible ? answerObject(call, target) : 'unknown verb';
}

type Handler = (call: Call, target: Target) => Handled | 'unknown verb';

interface Subresource {
  readonly verbs: readonly string[];
  readonly handle: Handler;
}

const subresources: Readonly<Record<string, Subresource>> = {
  scale: { verbs: ['get', 'update', 'patch'], handle: answerScale },
  token: { verbs: ['create'], handle: answerToken },
  binding: { verbs: ['create'], handle: answerBinding },
  eviction: { verbs: ['create'], handle: answerEviction },
  log: { verbs: ['get'], handle: answerLog },
  proxy: { verbs: ['get'], handle: answerKubelet },
  exec: {
    verbs: ['get', 'create'],
    handle: () => {
      throw badRequest('Upgrade request required');
    },
  },
};

export function answerSubresource(call: Call, target: Target): Handled | 'unknown verb' {
  const known = subresources[target.subresource];
  if (known === undefined) return answerPart(call, target);
  return known.verbs.includes(call.info.verb) ? known.handle(call, target) : 'unknown verb';
}
