// Network policies on a real network: rehearsed on copies of published apps. What a rehearsal shows, a broken one must not show.

import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { createClient, readConnection } from '../../src/api/index.ts';
import type { RehearsalReport } from '../../src/app/network/rehearsal/report.ts';
import { performRehearsal, prepareRehearsal } from '../../src/app/network/rehearse-network.ts';
import { asArray, asObject, asString } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { sharedFile } from '../exam/shared-folder.ts';
import { kubeconfig } from './test-cluster.ts';

const apps = sharedFile('network policies on a cluster', 'apps');
const image = process.env['NOWWHAT_TEST_IMAGE'];

const outside = {
  stdin: () => Promise.resolve(new Uint8Array()),
  environment: {},
  today: '2026-11-20',
  progress: () => undefined,
  agree: () => Promise.resolve(false),
};

async function namespacesLeft(): Promise<string[]> {
  const client = createClient(await readConnection({ path: kubeconfig ?? '', environment: {} }));
  const { items } = await client.request({ path: '/api/v1/namespaces' });
  await client.close();
  const names = asArray(items).map((each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '');
  return names.filter((name) => name.startsWith('nowwhat-rehearsal-'));
}

function rehearse(path: string, ...more: string[]): { status: number | null; report: RehearsalReport } {
  const words = ['network', 'rehearse', join(apps ?? '', path), '--on', '.', '--kubeconfig', kubeconfig ?? ''];
  const { status, out, err } = nowwhat([...words, '--image', image ?? '', '--yes', '-o', 'json', ...more]);
  expect([0, 1], err).toContain(status);
  return { status, report: JSON.parse(out) };
}

function kept({ asked }: RehearsalReport): string[] {
  return asked
    .filter(({ kind }) => kind === 'kept')
    .map(({ from, to, port, after }) => `${from} → ${to} ${port} ${after}`);
}

describe.runIf(kubeconfig !== undefined && apps !== undefined && image !== undefined)(
  'a rehearsal of network policies',
  () => {
    afterEach(async () => {
      expect(await namespacesLeft()).toEqual([]);
    });

    it('shows that Online Boutique keeps its calls and nothing else', () => {
      const { status, report } = rehearse('online-boutique/kubernetes-manifests.yaml');
      expect({ status, surprises: report.surprises, counts: report.counts }).toEqual({
        status: 0,
        surprises: [],
        counts: true,
      });
      expect(kept(report)).toHaveLength(16);
      expect(kept(report).every((each) => each.endsWith(' open'))).toBe(true);
      const forbidden = report.asked.filter(({ kind }) => kind === 'forbidden');
      expect(forbidden.map(({ before, after }) => `${before} ${after}`)).toEqual(Array(20).fill('open closed'));
    });

    it('is a proof, which settles for this cluster that its network enforces policies', () => {
      const home = mkdtempSync(join(tmpdir(), 'nowwhat-rehearsed-'));
      onTestFinished(() => rmSync(home, { recursive: true }));
      cpSync(join(apps ?? '', 'guestbook/all-in-one/guestbook-all-in-one.yaml'), join(home, 'app.yaml'));
      mkdirSync(join(home, '.nowwhat'));
      const cluster = ['--kubeconfig', kubeconfig ?? ''];
      const run = (...words: string[]) => nowwhat([...words, ...cluster], { cwd: home });
      const enforced = (...more: string[]): string => {
        const { out } = nowwhat(['journey', 'app.yaml', '-o', 'json', ...more], { cwd: home });
        const { legs } = JSON.parse(out);
        return legs.find(({ leg }: { leg: string }) => leg === 'security').checks['cni-enforces-policies'].verdict;
      };
      // The plugin of this cluster is none that is known.
      expect(enforced('--context', '.', ...cluster)).toBe('unknown');
      const words = ['app.yaml', '--keep-uncalled', '--on', '.', '--image', image ?? '', '--forbidden', '4'];
      const { status, err } = run('network', 'rehearse', ...words, '--yes');
      expect(status, err).toBe(0);
      const proofs = (...more: string[]) => JSON.parse(run('proofs', '-o', 'json', ...more).out).proofs;
      const [{ proof, freshness }] = proofs('--context', '.');
      expect(freshness).toEqual({ state: 'fresh' });
      expect(proof).toMatchObject({
        kind: 'network-rehearsal',
        command: `nowwhat network rehearse app.yaml --keep-uncalled --on . --image ${image} --forbidden 4 --kubeconfig ${kubeconfig}`,
        result: 'holds',
        figures: { refused: 4 },
        negativeControl: { failed: true },
        settles: [{ check: 'cni-enforces-policies', verdict: 'pass' }],
        inputs: [{ file: 'app.yaml' }, { kind: 'cluster' }],
      });
      expect(proofs()[0].freshness.state).toBe('unchecked');
      // Of which cluster the files speak nobody knows.
      expect([enforced(), enforced('--context', '.', ...cluster)]).toEqual(['unknown', 'pass']);
      writeFileSync(join(home, 'app.yaml'), '');
      expect(proofs('--context', '.')[0].freshness).toEqual({ state: 'stale', changed: ['app.yaml has changed'] });
    });

    it.each([
      'voting-app',
      'guestbook/all-in-one/guestbook-all-in-one.yaml',
      'bookinfo/bookinfo.yaml',
      'wordpress-mysql',
    ])('shows that %s keeps what nobody is known to call, where the user wants that', (path) => {
      expect(existsSync(join(apps ?? '', path))).toBe(true);
      const { status, report } = rehearse(path, '--keep-uncalled', '--forbidden', '8');
      expect({ status, surprises: report.surprises, counts: report.counts }).toEqual({
        status: 0,
        surprises: [],
        counts: true,
      });
      expect(kept(report).length).toBeGreaterThan(0);
    });

    it('tells where a policy is missing, and does not count where nothing was closed', async () => {
      const reading = {
        inputs: [join(apps ?? '', 'wordpress-mysql')],
        values: [],
        set: [],
        allowRemote: false,
        maxFileBytes: 1 << 24,
      };
      const cluster = { context: '.', kubeconfig, namespaces: [], allNamespaces: false, concurrency: 8 };
      const policies = { traffic: { reading, flows: [] }, answers: new Map(), keepsUncalled: false };
      const { plan } = await prepareRehearsal({ policies, cluster, image: image ?? '', mostForbidden: 4 }, outside);
      const connection = await readConnection({ path: kubeconfig ?? '', environment: {} });
      const perform = (changed: Partial<typeof plan>, prefix: string): Promise<RehearsalReport> => {
        const text = JSON.stringify({ ...plan, ...changed }).replaceAll(
          /nowwhat-rehearsal-[0-9a-f]+/g,
          `nowwhat-rehearsal-${prefix}`,
        );
        // Probes point at the very stand-ins of the plan.
        const copy: typeof plan = JSON.parse(text);
        const find = (of: string) => copy.standIns.find((each) => each.of === of);
        const probes = copy.probes.flatMap(({ from, to, ...rest }) => {
          const [caller, called] = [find(from.of), to === undefined ? undefined : find(to.of)];
          return caller === undefined
            ? []
            : [{ from: caller, ...(called === undefined ? {} : { to: called }), ...rest }];
        });
        const performance = { plan: { ...copy, probes }, connection, image: image ?? '', source: 'wordpress' };
        return performRehearsal(performance, outside, () => undefined);
      };
      const isMysql = (raw: (typeof plan.opening)[number]): boolean =>
        asString(asObject(raw['metadata'])['name']) === 'wordpress-mysql';
      expect(plan.opening.some(isMysql)).toBe(true);
      const broken = await perform({ opening: plan.opening.filter((raw) => !isMysql(raw)) }, 'a');
      expect(broken.counts).toBe(true);
      expect(broken.surprises).toMatchObject([
        {
          kind: 'kept',
          from: 'default/wordpress',
          to: 'default/wordpress-mysql',
          port: 3306,
          expected: 'open',
          after: 'closed',
        },
        // The policy that is missing let it ask for names, too.
        { kind: 'dns', from: 'default/wordpress-mysql', port: 53, expected: 'open', after: 'closed' },
      ]);
      const toothless = await perform({ closing: [], opening: [] }, 'b');
      expect(toothless.counts).toBe(false);
      expect(toothless.surprises.every(({ kind, after }) => kind === 'forbidden' && after === 'open')).toBe(true);
    });
  },
);
