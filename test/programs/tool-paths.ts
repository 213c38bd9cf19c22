// Where the real helm and kubectl are that tests run.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface ToolPaths {
  /** helm v4.1.4. */
  readonly helm4: string;
  /** helm v3.17.2. */
  readonly helm3: string;
  /** kubectl v1.35.2. */
  readonly kubectl: string;
}

const folder = resolve(import.meta.dirname, '../../.cache/tools');

/** True where the programs can run at all; elsewhere their tests are skipped and say so. */
export const toolsRunHere = process.platform === 'linux' && process.arch === 'x64';

/** Paths of the programs. Throws where they should be and are not, so that no test passes by not running. */
export function toolPaths(): ToolPaths {
  const paths = {
    helm4: join(folder, 'helm-4/helm'),
    helm3: join(folder, 'helm-3/helm'),
    kubectl: join(folder, 'helm-4/kubectl'),
  };
  for (const path of Object.values(paths))
    if (toolsRunHere && !existsSync(path)) throw new Error(`${path} is missing: run node scripts/tools.mjs`);
  return paths;
}
