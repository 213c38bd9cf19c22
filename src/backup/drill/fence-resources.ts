// Which kinds come and go behind a fence, and which the API server is only asked about: what a drill may do there follows from it. Pure.

import type { ApiResource, Discovery } from '../../api/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { listableResources } from '../collect/choose-resources.ts';
import { isRestorable } from '../restore/prepare-object.ts';
import { isOnlyAsked } from './fence.ts';

export interface FenceResources {
  /** Made from the backup, and removed again. */
  readonly made: readonly ApiResource[];
  /** Dry runs only: the right to do these is the right to make them. */
  readonly asked: readonly ApiResource[];
}

/** All kinds of namespaces that a backup may hold and a drill looks at. */
export function fenceResources(discovery: Discovery): FenceResources {
  const all = listableResources(discovery).filter((each) => {
    const groupResource = groupResourceOf(each);
    return each.namespaced && isRestorable(groupResource) && groupResource !== 'leases.coordination.k8s.io';
  });
  const asked = (each: ApiResource): boolean =>
    isOnlyAsked({ groupResource: groupResourceOf(each), namespace: '', name: '' });
  return {
    made: all.filter((each) => !asked(each) && each.verbs.includes('delete')),
    asked: all.filter(asked),
  };
}
