// Before the tests: the real helm and kubectl are fetched where they are missing.

import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

export function setup(): void {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../../scripts/tools.mjs')], { stdio: 'inherit' });
}
