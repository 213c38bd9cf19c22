// What a cluster is made of: the picture, with where it comes from.

import { type ClusterPicture, headlineOf, pictureCluster, prepareInventory } from '../../inventory/index.ts';
import { type Snapshot, UserError } from '../../model/index.ts';

export interface FactsAnswer extends ClusterPicture {
  readonly schema: 'nowwhat.dev/facts/v1';
  readonly context: string;
  /** ISO date; only for a snapshot that was saved. */
  readonly savedOn?: string;
  /** The whole in one line. */
  readonly headline: string;
}

/** Throws `UserError` where only files were read. */
export async function answerFacts(snapshot: Snapshot, today: string): Promise<FactsAnswer> {
  const { cluster } = snapshot.facts;
  if (cluster === undefined)
    throw new UserError(
      'invalid-option',
      'files say nothing of a cluster',
      'Name a cluster with --context, or give a file that `nowwhat snapshot` saved.',
    );
  const picture = pictureCluster(await prepareInventory(snapshot), today);
  return {
    schema: 'nowwhat.dev/facts/v1',
    context: cluster.context,
    ...(cluster.savedOn === undefined ? {} : { savedOn: cluster.savedOn }),
    headline: headlineOf(picture),
    ...picture,
  };
}
