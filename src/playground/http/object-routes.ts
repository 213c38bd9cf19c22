// Requests for objects, verb by verb.

import { requireNoEscalation } from '../access/escalation.ts';
import { asObject, type JsonObject } from '../../model/index.ts';
import type { Write } from '../kernel.ts';
import { createObject } from '../objects/create.ts';
import { deleteObject } from '../objects/delete.ts';
import { compact, nameOf, namespaceOf, uidOf } from '../objects/edit.ts';
import { listObjects } from '../objects/list.ts';
import { patchObject } from '../objects/patch-object.ts';
import { refuseObject } from '../objects/read-body.ts';
import { selectionOf } from '../objects/selection.ts';
import { presentAt, requireObject, type Target, targetVersion } from '../objects/target.ts';
import { updateObject } from '../objects/update.ts';
import { detailsOf } from '../status-error.ts';
import { type Answer, type Call, contentTypeOf, type Handled, readBodyObject, readJson } from './call.ts';
import { answerWatch } from './watch.ts';

/** Kinds whose deletion answers with the object that is gone. */
const returnsDeleted: ReadonlySet<string> = new Set([
  '/persistentvolumeclaims',
  '/persistentvolumes',
  '/pods',
  '/podtemplates',
  '/resourcequotas',
  '/serviceaccounts',
]);

function deletedAnswer({ endpoint }: Target, object: JsonObject, isGone: boolean): JsonObject {
  const { resource } = endpoint;
  if (!isGone || returnsDeleted.has(resource.key)) return object;
  const details = detailsOf(resource, nameOf(object), { uid: uidOf(object) });
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** Options may stand in the body or among the parameters. */
function deleteOptions(call: Call): JsonObject {
  const { query } = call;
  const grace = query.get('gracePeriodSeconds');
  const orphan = query.get('orphanDependents');
  const inQuery = compact({
    gracePeriodSeconds: grace === null ? undefined : Number(grace),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    orphanDependents: orphan === null ? undefined : orphan === 'true',
  });
  return { ...inQuery, ...asObject(readJson(call, true)) };
}

/** A dry run may be asked for in the options of a deletion too. */
function deletionWrite({ write }: Call, options: JsonObject): Call['write'] {
  return options['dryRun'] === undefined ? write : { ...write, dryRun: true };
}

/** Where rights are given, looks at what the write would come to before it is done. */
function requireModestRights(
  { kernel, user, write }: Call,
  { endpoint }: Target,
  attempt: (dryRun: Write) => JsonObject,
): void {
  if (endpoint.resource.group !== 'rbac.authorization.k8s.io') return;
  requireNoEscalation(kernel, user, endpoint.resource, attempt({ ...write, dryRun: true, warnings: [] }));
}

function create(call: Call, target: Target): Answer {
  const raw = readBodyObject(call);
  const { kernel, write } = call;
  requireModestRights(call, target, (dryRun) => createObject(kernel, target, dryRun, { raw, hasOwners: false }));
  return { code: 201, body: createObject(kernel, target, write, { raw, hasOwners: false }) };
}

function update(call: Call, target: Target): Answer {
  const raw = readBodyObject(call);
  const { kernel, write } = call;
  const change = { change: () => raw, refuse: refuseObject(target.endpoint), hasOwners: false, isReplacement: true };
  requireModestRights(call, target, (dryRun) => updateObject(kernel, target, dryRun, change));
  return { code: 200, body: updateObject(kernel, target, write, change) };
}

function patch(call: Call, target: Target): Answer {
  const { kernel, write, query, request } = call;
  const contentType = contentTypeOf(request);
  const body = readJson(call, contentType.endsWith('+yaml'));
  const asked = {
    contentType,
    body,
    fieldManager: query.get('fieldManager') ?? '',
    force: query.get('force') === 'true',
  };
  requireModestRights(call, target, (dryRun) => patchObject(kernel, target, dryRun, asked).object);
  const { object, isNew } = patchObject(kernel, target, write, asked);
  return { code: isNew ? 201 : 200, body: object };
}

function remove(call: Call, target: Target): Answer {
  const options = deleteOptions(call);
  const { object, isGone } = deleteObject(call.kernel, target, deletionWrite(call, options), options);
  return { code: 200, body: deletedAnswer(target, object, isGone) };
}

function removeAll(call: Call, target: Target): Answer {
  const { kernel, query } = call;
  const { endpoint } = target;
  const { resource } = endpoint;
  const options = deleteOptions(call);
  const { matches } = selectionOf(resource, target.namespace, query);
  const items = kernel.store.list(resource.key).filter(matches);
  const metadata = { resourceVersion: String(kernel.store.version) };
  for (const each of items) {
    const one = { ...target, namespace: namespaceOf(each), name: nameOf(each) };
    deleteObject(kernel, one, deletionWrite(call, options), options);
  }
  return {
    code: 200,
    body: {
      kind: resource.listKind,
      apiVersion: targetVersion(endpoint),
      metadata,
      items: items.map((each) => presentAt(endpoint, each)),
    },
  };
}

function list(call: Call, target: Target): Answer {
  const { kernel, query, limits, effects } = call;
  if (effects.some(({ kind }) => kind === 'expire')) kernel.store.forgetHistory();
  return { code: 200, body: listObjects(kernel, target, query, limits) };
}

/** What `verb` does to objects; `undefined` for a verb that there is none for. */
export function answerObject(call: Call, target: Target): Handled | 'unknown verb' {
  switch (call.info.verb) {
    case 'get':
      return { code: 200, body: requireObject(call.kernel, target) };
    case 'list':
      return list(call, target);
    case 'watch':
      answerWatch(call, target);
      return undefined;
    case 'create':
      return create(call, target);
    case 'update':
      return update(call, target);
    case 'patch':
      return patch(call, target);
    case 'delete':
      return remove(call, target);
    case 'deletecollection':
      return removeAll(call, target);
    default:
      return 'unknown verb';
  }
}
