// The use case of bringing a dump back: which dump goes into which container is shown first, then it does.

import { createClient } from '../../api/index.ts';
import { type DumpPlace, type DumpRecord, openBackup, readDumps, recipeOf, restoreDump } from '../../backup/index.ts';
import { UserError } from '../../model/index.ts';
import { withStore } from '../backups/with-store.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';

export interface DumpOrder {
  readonly cluster: ClusterWish;
  readonly store: string;
  readonly backup: string;
  /** `pod`, `namespace/pod` or `namespace/pod/container`; left out where the backup holds one. */
  readonly dump?: string | undefined;
  /** Where it goes, written in the same way; left out: where it came from. */
  readonly to?: string | undefined;
}

export interface DumpPreview {
  readonly server: string;
  readonly context: string;
  readonly record: DumpRecord;
  readonly to: DumpPlace;
  /** What happens to the data that are there. */
  readonly replaces: string;
}

interface Telling {
  readonly agree: (preview: DumpPreview) => Promise<void>;
}

function placeText({ namespace, pod, container }: DumpPlace): string {
  return `${namespace}/${pod}/${container}`;
}

function chooseDump(dumps: readonly DumpRecord[], { backup, dump }: DumpOrder): DumpRecord {
  const places = dumps.map(placeText);
  const advice = places.length === 0 ? 'Make one with backup create --dump auto.' : `There are ${places.join(', ')}.`;
  const fits = dumps.filter((each) => {
    const { namespace, pod } = each;
    return dump === undefined || [pod, `${namespace}/${pod}`, placeText(each)].includes(dump);
  });
  const [first] = fits;
  if (first !== undefined && fits.length === 1) return first;
  const what = dump === undefined ? '' : ` called "${dump}"`;
  const why = fits.length === 0 ? `holds no dump${what}` : `holds ${fits.length} dumps${what}`;
  throw new UserError('invalid-option', `the backup "${backup}" ${why}`, advice);
}

/** Parts that are left out are those that the dump came from. */
function toPlace(text: string | undefined, from: DumpPlace): DumpPlace {
  const { namespace, pod, container } = from;
  if (text === undefined) return { namespace, pod, container };
  const parts = text.split('/');
  const [first = '', second, third] = parts;
  if (parts.includes('') || parts.length > 3)
    throw new UserError(
      'invalid-option',
      `"${text}" is no pod`,
      'Write POD, NAMESPACE/POD or NAMESPACE/POD/CONTAINER.',
    );
  return second === undefined
    ? { namespace, pod: first, container }
    : { namespace: first, pod: second, container: third ?? container };
}

/** Throws `UserError`. Nothing is changed before somebody has agreed. */
export async function bringDumpBack(order: DumpOrder, outside: Outside, { agree }: Telling): Promise<DumpPreview> {
  const connection = await connectCluster(order.cluster, outside);
  const client = createClient(connection, { concurrency: order.cluster.concurrency });
  try {
    return await withStore(order.store, async (store) => {
      await openBackup(store, order.backup);
      const record = chooseDump(await readDumps(store, order.backup), order);
      const to = toPlace(order.to, record);
      const { server, context } = connection;
      const preview = { server, context, record, to, replaces: recipeOf(record).replaces };
      await agree(preview);
      await restoreDump({ client, store, backup: order.backup, record, to, progress: outside.progress });
      return preview;
    });
  } finally {
    await client.close();
  }
}
