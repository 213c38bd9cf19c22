// From what people and manifests write to what the server serves: kubectl's rules for names, kinds, versions and short names.

import { parseApiVersion } from '../../kube/api-version.ts';
import { UserError } from '../../model/index.ts';
import { type ApiResource, type Discovery, groupVersionOf } from './api-resource.ts';

interface Wanted {
  readonly name: string;
  readonly group?: string;
  readonly version?: string;
}

/** `deployments.v1.apps` is name, version and group if that is served, else name and the group `v1.apps`. */
function readings(text: string): Wanted[] {
  const [name = '', second, ...rest] = text.toLowerCase().split('.');
  if (second === undefined) return [{ name }];
  const group = { name, group: [second, ...rest].join('.') };
  return rest.length === 0 ? [group] : [{ name, version: second, group: rest.join('.') }, group];
}

function isIn(resource: ApiResource, { group, version }: Wanted): boolean {
  if (version !== undefined) return resource.group === group && resource.version === version;
  return group === undefined || resource.group === group;
}

/** An exact group first, else one that begins so: `deployments.app` will do for `deployments.apps`. */
function candidatesFor(resources: readonly ApiResource[], wanted: Wanted): readonly ApiResource[] {
  const exact = resources.filter((each) => each.kind !== '' && isIn(each, wanted));
  const { group, version } = wanted;
  if (exact.length > 0 || group === undefined || version !== undefined) return exact;
  return resources.filter((each) => each.kind !== '' && each.group.startsWith(group));
}

function hasName(resource: ApiResource, name: string): boolean {
  return resource.resource === name || resource.singular === name || resource.kind.toLowerCase() === name;
}

/** A name of a resource or kind, with version and group or without (`po`, `deployments.apps`, `Deployment.v1.apps`). */
export function findResource({ resources }: Discovery, text: string): ApiResource | undefined {
  for (const wanted of readings(text)) {
    const candidates = candidatesFor(resources, wanted);
    const found =
      candidates.find((each) => hasName(each, wanted.name)) ??
      candidates.find((each) => each.shortNames.includes(wanted.name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The resource that objects of this `apiVersion` and `kind` belong to. */
export function findResourceOfKind(
  { resources }: Discovery,
  apiVersion: string,
  kind: string,
): ApiResource | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  return resources.find((each) => each.kind === kind && each.group === group && each.version === version);
}

/** The version that the server prefers, for a kind of a group in whatever version. */
export function findPreferred({ resources }: Discovery, group: string, kind: string): ApiResource | undefined {
  return resources.find((each) => each.kind === kind && each.group === group);
}

/** The resource that objects of this kind belong to. Throws `unknown-resource`. */
export function resourceOfKind(discovery: Discovery, apiVersion: string, kind: string): ApiResource {
  const found = findResourceOfKind(discovery, apiVersion, kind);
  if (found !== undefined) return found;
  const { group } = parseApiVersion(apiVersion);
  const other = findPreferred(discovery, group, kind);
  const broken = discovery.failures.find((each) => each.groupVersion === apiVersion);
  const advice =
    (other && `It serves ${kind} in ${groupVersionOf(other)}.`) ??
    (broken && `${apiVersion} is announced, but ${broken.reason}.`) ??
    'See kubectl api-resources; a definition (CRD) may be missing.';
  throw new UserError('unknown-resource', `the cluster serves no ${kind} in ${apiVersion}`, advice);
}

/** `/api/v1/namespaces/shop/pods/web/log`; without a name the collection, without a namespace all namespaces. */
export function resourcePath(
  resource: Pick<ApiResource, 'group' | 'version' | 'resource'>,
  { namespace = '', name, subresource }: { namespace?: string; name?: string; subresource?: string } = {},
): string {
  const root = `${resource.group === '' ? '/api' : '/apis'}/${groupVersionOf(resource)}`;
  const parts = [
    ...(namespace === '' ? [] : ['namespaces', namespace]),
    resource.resource,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : subresource.split('/')),
  ];
  return `${root}/${parts.map(encodeURIComponent).join('/')}`;
}
