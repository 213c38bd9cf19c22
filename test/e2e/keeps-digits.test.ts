// Numbers that a double cannot hold, through the built program and a cluster in memory.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe } from 'vitest';
import { createClient, readConnection } from '../../src/api/index.ts';
import { keepsDigits } from '../kubernetes/keeps-digits.ts';
import { openPlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { type Ran, root } from './run-cli.ts';

describe('large numbers, in memory', () => {
  keepsDigits(async () => {
    const cluster = await openPlaygroundFolder([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'digits' } }]);
    const client = createClient(await readConnection({ path: cluster.kubeconfig, environment: {} }));
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: cluster.folder,
      KUBECONFIG: cluster.kubeconfig,
      NOWWHAT_STORE: join(cluster.folder, 'kept'),
    };
    // Not in the way of the cluster, which runs in this very process.
    const run = (...args: string[]): Promise<Ran> =>
      new Promise((done) => {
        const line = [join(root, 'bin/nowwhat.js'), ...args];
        execFile(process.execPath, line, { env, cwd: cluster.folder }, (error, out, err) => {
          done({ status: error === null ? 0 : Number(error.code), out, err });
        });
      });
    const close = async (): Promise<void> => {
      await client.close();
      await cluster.close();
    };
    return { client, namespace: 'digits', folder: cluster.folder, run, close };
  });
});
