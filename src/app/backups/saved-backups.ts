// What the store of the app's backups says, as evidence for its journey.

import { readSavedStates } from '../../backup/index.ts';
import { type Evidence, UserError } from '../../model/index.ts';
import { withStore } from './with-store.ts';

interface Read {
  readonly evidence: readonly Evidence[];
  readonly notices: readonly string[];
}

const tools = { nowwhat: 'nowwhat', velero: 'Velero' } as const;

/** A store that cannot be read leaves open what it would tell. */
export async function readSavedBackups(place: string): Promise<Read> {
  try {
    return await withStore(place, async (store) => {
      const states = await readSavedStates(store);
      const evidence = states.map(({ name, completed, madeBy, schedule, spec, withoutData, proven }) => ({
        about: 'backup' as const,
        tool: tools[madeBy],
        date: completed.slice(0, 10),
        file: store.place,
        backup: name,
        spec,
        schedule,
        withoutData,
        ...(proven === undefined ? {} : { proven: proven.slice(0, 10) }),
      }));
      return { evidence, notices: evidence.length > 0 ? [] : [`${store.place} holds no backup that has completed`] };
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { evidence: [], notices: [`the backup store was not looked at: ${error.message}`] };
  }
}
