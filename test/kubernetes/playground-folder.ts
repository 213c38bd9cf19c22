// A playground with a kubeconfig in a folder, for programs that read one.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/model/index.ts';
import { type Playground, startPlayground } from '../../src/playground/index.ts';

export interface PlaygroundFolder {
  readonly playground: Playground;
  readonly folder: string;
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
}

export async function openPlaygroundFolder(
  seed: readonly JsonObject[],
  options: Omit<NonNullable<Parameters<typeof startPlayground>[0]>, 'seed'> = {},
): Promise<PlaygroundFolder> {
  const playground = await startPlayground({ ...options, seed });
  await playground.settled();
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-playground-'));
  const kubeconfig = join(folder, 'config');
  writeFileSync(kubeconfig, playground.kubeconfig());
  return {
    playground,
    folder,
    kubeconfig,
    close: async () => {
      await playground.close();
      rmSync(folder, { recursive: true });
    },
  };
}
