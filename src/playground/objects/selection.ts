// Which objects a list, a watch or a collection's deletion is about. Source: labels and fields packages of apimachinery.

import { parseSelectorText } from '../../kube/selector-text.ts';
import { asArray, asObject, asString, type JsonObject, toText, valueAt } from '../../model/index.ts';
import type { Resource } from '../resources/resource.ts';
import { badRequest } from '../status-error.ts';
import { labelsOf, namespaceOf } from './edit.ts';

export type Matches = (object: JsonObject) => boolean;

export interface Selection {
  readonly matches: Matches;
  /** True where something besides the namespace is asked for. */
  readonly isSelective: boolean;
}

const always: readonly string[] = ['metadata.name', 'metadata.namespace'];

/** Fields that can be selected by, besides name and namespace. Source: the field label conversions of Kubernetes 1.34. */
const selectableFields: Readonly<Record<string, readonly string[]>> = {
  '/pods': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  '/events': [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  '/namespaces': ['status.phase'],
  '/nodes': ['spec.unschedulable'],
  '/replicationcontrollers': ['status.replicas'],
  '/secrets': ['type'],
  '/services': ['spec.clusterIP', 'spec.type'],
  'apps/replicasets': ['status.replicas'],
  'batch/jobs': ['status.successful'],
  'certificates.k8s.io/certificatesigningrequests': ['spec.signerName'],
};

/** Fields whose text is another one than that of the value at their path. */
const specialFields: Readonly<Record<string, (object: JsonObject) => string>> = {
  source: (object) => asString(asObject(object['source'])['component']) ?? asString(object['reportingComponent']) ?? '',
  'status.podIPs': (object) =>
    asArray(valueAt(object, ['status', 'podIPs']))
      .map((each) => toText(asObject(each)['ip']))
      .join(','),
  'status.successful': (object) => toText(valueAt(object, ['status', 'succeeded']) ?? 0),
};

const falseByDefault: ReadonlySet<string> = new Set(['spec.unschedulable', 'spec.hostNetwork']);

function fieldText(object: JsonObject, field: string): string {
  const special = specialFields[field];
  if (special !== undefined) return special(object);
  const value = valueAt(object, field.split('.'));
  if (value === undefined || value === null) return falseByDefault.has(field) ? 'false' : '';
  return toText(value);
}

interface FieldTerm {
  readonly field: string;
  readonly value: string;
  readonly isEqual: boolean;
}

function parseTerm(text: string): FieldTerm {
  const match = /^([^=!]+)(!=|==|=)(.*)$/s.exec(text);
  if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const [, field = '', operator, value = ''] = match;
  return { field, value: value.replace(/\\([\\,=])/g, '$1'), isEqual: operator !== '!=' };
}

function requireSelectable(resource: Resource, { field }: FieldTerm): void {
  if (always.includes(field) || selectableFields[resource.key]?.includes(field) === true) return;
  if (selectableFields[resource.key] !== undefined) throw badRequest(`field label not supported: ${field}`);
  throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
}

function fieldMatches(resource: Resource, text: string): Matches {
  const terms = text
    .split(/(?<!\\),/)
    .filter((each) => each !== '')
    .map(parseTerm);
  for (const term of terms) requireSelectable(resource, term);
  return (object) => terms.every(({ field, value, isEqual }) => (fieldText(object, field) === value) === isEqual);
}

/** What the parameters of a request select. Throws what the API server answers to a selector that it cannot read. */
export function selectionOf(resource: Resource, namespace: string, query: URLSearchParams): Selection {
  const labelText = query.get('labelSelector') ?? '';
  const fieldSelector = query.get('fieldSelector') ?? '';
  const labels = parseSelectorText(labelText);
  if (labels.invalid !== undefined) throw badRequest(`unable to parse requirement: ${labels.invalid}`);
  const byFields = fieldMatches(resource, fieldSelector);
  return {
    isSelective: labelText !== '' || fieldSelector !== '',
    matches: (object) =>
      (namespace === '' || namespaceOf(object) === namespace) && labels.matches(labelsOf(object)) && byFields(object),
  };
}
