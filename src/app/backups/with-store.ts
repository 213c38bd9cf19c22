// A store that is open for as long as somebody needs it.

import { openStore, type Store } from '../../backup/index.ts';

/** Opens a store for as long as it is needed. */
export async function withStore<T>(place: string, act: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(place);
  try {
    return await act(store);
  } finally {
    store.close();
  }
}
