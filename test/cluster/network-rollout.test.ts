// The network of an app that runs is closed: from what it declares and does, audited first, by a plan, watched, and taken back.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod, discover } from '../../src/api/index.ts';
import { asArray, asObject, asString } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { sharedFile } from '../exam/shared-folder.ts';
import { applyAll, readObjects, untilReady } from './stand-in/deploy.ts';
import { standIn } from './stand-in/stand-in.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const app = sharedFile('Online Boutique on a cluster', 'apps/online-boutique/kubernetes-manifests.yaml');
const image = process.env['NOWWHAT_TEST_IMAGE'];

describe.runIf(kubeconfig !== undefined && app !== undefined && image !== undefined)(
  'the network of Online Boutique',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-rollout-'));
    const [policies, plan] = [join(folder, 'policies.yaml'), join(folder, 'plan.json')];
    let space: TestNamespace;

    beforeAll(async () => {
      space = await openNamespace();
      await applyAll(space, await discover(space.client), standIn(await readObjects(app ?? ''), image ?? ''));
      await untilReady(space, 240_000);
    });

    afterAll(async () => {
      await space.close();
      rmSync(folder, { recursive: true });
    });

    const source = (): string[] => ['--context', '.', '--kubeconfig', kubeconfig ?? '', '-n', space.name];
    const run = (...words: string[]) => nowwhat(words, { cwd: folder, env: { HOME: folder } });

    /** Whether a pod of one Deployment gets an answer from another's Service. */
    async function reaches(from: string, host: string, port: number): Promise<boolean> {
      const { items } = await space.client.request({
        path: `/api/v1/namespaces/${space.name}/pods`,
        query: { labelSelector: `app=${from}` },
      });
      const [pod] = asArray(items).map(asObject);
      const name = asString(asObject(pod?.['metadata'])['name']) ?? '';
      const command = ['sh', '-c', `(echo hello; sleep 1) | timeout 4 nc -w 3 ${host} ${port} | grep -c .`];
      const { stdout } = await captureInPod(space.client, {
        namespace: space.name,
        pod: name,
        container: containers[from] ?? 'server',
        command,
      });
      return stdout.trim() !== '' && stdout.trim() !== '0';
    }
    const containers: Readonly<Record<string, string>> = { loadgenerator: 'main', 'redis-cart': 'redis' };

    it('gets policies from what it declares and does, and the proof tells of all of it', () => {
      const { status, out, err } = run('network', 'policies', ...source(), '--for', '15s', '--yes', '-o', 'json');
      expect(status, err).toBe(0);
      const { proof, uncalled } = JSON.parse(out);
      expect(proof).toMatchObject({ workloads: 12, dns: 12, cut: [], surplus: [], metadataClosed: true });
      expect(proof.kept).toBe(proof.connections);
      // What this app calls stands in its settings: every call was declared, and was seen.
      expect(proof.notDeclared).toEqual([]);
      expect(uncalled).toEqual([]);
      expect(run('network', 'policies', ...source(), '--output-file', policies).status).toBe(0);
      expect(readFileSync(policies, 'utf8')).toContain('name: default-deny');
    });

    it('is audited first: nothing that happens would be cut, and it would be without one of the policies', () => {
      const audit = (file: string) => run('network', 'audit', file, ...source(), '--for', '12s', '--yes', '-o', 'json');
      const whole = audit(policies);
      expect(whole.status, whole.err).toBe(0);
      expect(JSON.parse(whole.out)).toMatchObject({ policies: 13, cut: [] });
      expect(JSON.parse(whole.out).seen).toBeGreaterThan(15);
      const documents = readFileSync(policies, 'utf8').split('---\n');
      const broken = join(folder, 'broken.yaml');
      writeFileSync(broken, documents.filter((text) => !text.includes('\n  name: redis-cart\n')).join('---\n'));
      const part = audit(broken);
      expect(part.status, part.err).toBe(1);
      expect(JSON.parse(part.out).cut).toMatchObject([
        { from: `${space.name}/cartservice`, to: `${space.name}/redis-cart` },
      ]);
    });

    it('is closed by a plan that is applied and watched: its calls go on, all others are refused', async () => {
      await expect.poll(() => reaches('adservice', 'redis-cart', 6379), { interval: 1000 }).toBe(true);
      const made = run('network', 'rollout', ...source(), '-o', plan);
      expect(made.status, made.err).toBe(0);
      const { steps } = JSON.parse(readFileSync(plan, 'utf8'));
      expect(steps).toHaveLength(13);
      expect(steps.at(-1).title).toContain('default-deny');
      const applied = run('apply', plan, '--kubeconfig', kubeconfig ?? '', '--yes');
      expect(applied.status, applied.err + applied.out).toBe(0);
      await expect.poll(() => reaches('adservice', 'redis-cart', 6379), { interval: 1000 }).toBe(false);
      await expect.poll(() => reaches('frontend', 'cartservice', 7070), { interval: 1000 }).toBe(true);
      await expect.poll(() => reaches('cartservice', 'redis-cart', 6379), { interval: 1000 }).toBe(true);
      await expect.poll(() => reaches('loadgenerator', 'frontend', 80), { interval: 1000 }).toBe(true);
      await untilReady(space, 120_000);
      const again = run('network', 'rollout', ...source(), '-o', 'json');
      expect(JSON.parse(again.out).steps).toEqual([]);
    });

    it('is open again when the plan is taken back', async () => {
      const undone = run('undo', '--kubeconfig', kubeconfig ?? '', '--yes');
      expect(undone.status, undone.err + undone.out).toBe(0);
      await expect.poll(() => reaches('adservice', 'redis-cart', 6379), { interval: 1000 }).toBe(true);
      const { items } = await space.client.request({
        path: `/apis/networking.k8s.io/v1/namespaces/${space.name}/networkpolicies`,
      });
      expect(asArray(items)).toEqual([]);
    });
  },
);
