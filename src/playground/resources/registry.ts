// All resources that are served now: Kubernetes' own, and those of the definitions that are established.

import type { Schemas } from '../../kube/schema/index.ts';
import type { Store } from '../store/store.ts';
import { builtInResources } from './built-in.ts';
import { customResource, isEstablished } from './custom.ts';
import type { Endpoint, Resource } from './resource.ts';

export const definitionsKey = 'apiextensions.k8s.io/customresourcedefinitions';

export class Registry {
  readonly #builtIn: readonly Resource[];
  #all: readonly Resource[];

  constructor(schemas: Schemas, minor: number, store: Store) {
    this.#builtIn = builtInResources(schemas, minor);
    this.#all = this.#builtIn;
    store.listen((event) => {
      if (event.resource === definitionsKey) this.#readDefinitions(store);
    });
  }

  #readDefinitions(store: Store): void {
    const custom = store.list(definitionsKey).filter(isEstablished).map(customResource);
    this.#all = [...this.#builtIn, ...custom];
  }

  all(): readonly Resource[] {
    return this.#all;
  }

  find(group: string, version: string, plural: string): Endpoint | undefined {
    const resource = this.#all.find((each) => each.group === group && each.plural === plural);
    const served = resource?.versions.find((each) => each.version === version);
    return resource === undefined || served === undefined ? undefined : { resource, version: served };
  }

  findByKey(key: string): Resource | undefined {
    return this.#all.find((each) => each.key === key);
  }

  findKind(group: string, kind: string): Resource | undefined {
    return this.#all.find((each) => each.group === group && each.kind === kind);
  }

  hasGroupVersion(group: string, version: string): boolean {
    return this.#all.some((each) => each.group === group && each.versions.some((one) => one.version === version));
  }
}

/** The preferred version of a resource. */
export function preferredEndpoint(resource: Resource): Endpoint | undefined {
  const version = resource.versions[0];
  return version === undefined ? undefined : { resource, version };
}
