// A folder for what passes through this machine: gone when it is closed, and at the latest when the program ends, also where somebody says no or presses Ctrl-C.

import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  readonly close: () => Promise<void>;
}

export async function openTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  const atEnd = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', atEnd);
  return {
    path,
    close: async () => {
      process.off('exit', atEnd);
      await rm(path, { recursive: true, force: true });
    },
  };
}
