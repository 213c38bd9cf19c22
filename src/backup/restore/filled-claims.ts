// Which claims of a restore are filled from snapshots, and what that needs of the cluster.

import { type ApiClient, getObject, isApiError } from '../../api/index.ts';
import { asObject, asString } from '../../model/index.ts';
import { readClasses } from '../snapshots/read-classes.ts';
import { releaseRestored } from '../snapshots/release-restored.ts';
import { restoredName, type RestoringSnapshots } from '../snapshots/restore-objects.ts';
import type { RestoredVolume } from '../volumes/volume-data.ts';
import type { Ledger } from './ledger.ts';
import type { SnapshotClaim } from './read-plan.ts';
import type { RestoreContext, RestoreWish } from './restore-wish.ts';

const claimKind = { group: '', version: 'v1', resource: 'persistentvolumeclaims' } as const;

async function isThere(client: ApiClient, namespace: string, name: string): Promise<boolean> {
  try {
    await getObject(client, claimKind, { namespace, name });
    return true;
  } catch (error) {
    if (isApiError(error, 404)) return false;
    throw error;
  }
}

/** By driver, the first class of the cluster. */
async function readClassNames(client: ApiClient): Promise<ReadonlyMap<string, string>> {
  const read = await readClasses(client);
  const pairs = ('classes' in read ? read.classes : []).map((each): [string, string] => [
    asString(each['driver']) ?? '',
    asString(asObject(each['metadata'])['name']) ?? '',
  ]);
  return new Map(pairs.toReversed());
}

/** Known once the plan is, and before the first object goes. */
export class FilledClaims {
  readonly restoring: RestoringSnapshots;
  private readonly context: RestoreContext;
  private readonly wish: RestoreWish;
  private readonly made: readonly SnapshotClaim[];

  private constructor(
    wish: RestoreWish,
    context: RestoreContext,
    found: { readonly made: readonly SnapshotClaim[]; readonly classes: ReadonlyMap<string, string> },
  ) {
    this.wish = wish;
    this.context = context;
    this.made = found.made;
    const keys = new Set(found.made.map(({ namespace, claim }) => `${namespace}/${claim}`));
    const needed = new Set(found.made.map(({ namespace, snapshot }) => `${namespace}/${snapshot}`));
    this.restoring = {
      restore: wish.name,
      mapNamespace: (name) => wish.namespaceMappings.get(name) ?? name,
      isFilled: (namespace, claim) => keys.has(`${namespace}/${claim}`),
      isNeeded: (namespace, snapshot) => needed.has(`${namespace}/${snapshot}`),
      classOf: (driver) => found.classes.get(driver),
    };
  }

  /** Nothing where no claim has a snapshot. */
  static async read(
    wish: RestoreWish,
    context: RestoreContext,
    claims: readonly SnapshotClaim[],
  ): Promise<FilledClaims | undefined> {
    const { client } = context;
    if (claims.length === 0) return undefined;
    const target = (namespace: string): string => wish.namespaceMappings.get(namespace) ?? namespace;
    const found = await Promise.all(claims.map(({ namespace, claim }) => isThere(client, target(namespace), claim)));
    return new FilledClaims(wish, context, {
      made: claims.filter((_, index) => found[index] === false),
      classes: await readClassNames(client),
    });
  }

  /** Claims that this restore has made. */
  private filled(ledger: Ledger) {
    const created = new Set(
      ledger.items.flatMap(({ groupResource, namespace, name, result }) =>
        groupResource === 'persistentvolumeclaims' && (result === 'created' || result === 'recreated')
          ? [`${namespace}/${name}`]
          : [],
      ),
    );
    return this.made.flatMap(({ namespace, claim, snapshot }) => {
      const target = this.restoring.mapNamespace(namespace);
      const name = restoredName(this.restoring, namespace, snapshot);
      return created.has(`${target}/${claim}`) ? [{ namespace: target, claim, name }] : [];
    });
  }

  volumes(ledger: Ledger): readonly RestoredVolume[] {
    return this.filled(ledger).map(({ namespace, claim }) => ({ namespace, name: claim, result: 'filled' }));
  }

  /** The objects of snapshots go as soon as the claims are bound. */
  async release(ledger: Ledger): Promise<void> {
    if (this.wish.dryRun) return;
    const left = await releaseRestored(this.context, this.filled(ledger));
    for (const { namespace, claim, name } of left)
      ledger.warn(
        `the claim ${namespace}/${claim} is not bound yet; once it is, its VolumeSnapshot and VolumeSnapshotContent ${name} may be deleted`,
      );
  }
}
