// From an app as it stands on a laptop to security level 4, by the program's own edits, and to a real cluster, by its own plan: it runs under the
// strictest Pod Security, every connection that it needs works, all others are refused, and nothing was written but what the plan said.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover, resourceOfKind } from '../../src/api/index.ts';
import { asArray, asNumber, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { nowwhat, root } from '../e2e/run-cli.ts';
import { sharedFile } from '../exam/shared-folder.ts';
import { type AuditedRequest, auditLog, isRead, watchAuditLog } from './audit-log.ts';
import { createAdministrator, type ReaderUser } from './reader-user.ts';
import {
  type AppPod,
  findAppPods,
  findOpen,
  listPods,
  reachesApiServer,
  type Try,
  wordsOf,
} from './security-journey/ask-app.ts';
import { type Calls, publishedApps, renderDecisions, type JourneyApp } from './security-journey/apps.ts';
import { createSecrets, enforceRestricted } from './security-journey/enforce-restricted.ts';
import { outsiderPort, startOutsider } from './security-journey/outsider.ts';
import { shop } from './security-journey/shop.ts';
import {
  bringToCluster,
  type Carried,
  copyApp,
  fix,
  pin,
  recordCalls,
  removeOfCluster,
  writeForCluster,
} from './security-journey/travel.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'];
const log = kubeconfig === undefined ? undefined : auditLog();
const apps = sharedFile('published apps at security level 4', 'apps');
const travellers: readonly (JourneyApp & { readonly folder: string })[] = [
  { ...shop, folder: join(root, 'examples') },
  ...(apps === undefined ? [] : publishedApps.map((app) => ({ ...app, folder: apps }))),
];

const page = readFileSync(join(root, 'docs/security-journey.md'), 'utf8');

/** Lines of fenced blocks with this word behind the fence, without commands and what is left out. */
function blocksOf(text: string, word: string): string[] {
  const blocks = [...text.matchAll(/^```(.*)\n([\s\S]*?)^```/gm)].filter(([, info]) => info === word);
  const lines = blocks.flatMap(([, , block = '']) => block.split('\n'));
  return lines.filter((line) => line.trim() !== '' && line !== '...' && !line.startsWith('$ '));
}

/** A connection may have been made again in the meantime. */
function withoutCounts(line: string): string {
  return line.replace(/seen \d+×/, 'seen').trimEnd();
}

describe.runIf(kubeconfig !== undefined && image !== undefined)('an app at security level 4 on a real cluster', () => {
  describe.each(travellers)('$name', (app) => {
    let folder: string;
    let space: TestNamespace;
    let elsewhere: TestNamespace;
    let deployer: ReaderUser & { readonly close: () => Promise<void> };
    let answer: ReturnType<typeof fix>;
    let carried: Carried | undefined;
    let askedBy: ((user: string) => AuditedRequest[]) | undefined;
    let pods: Map<string, AppPod>;
    let services: JsonObject[];
    const measured = { calls: 0, tried: 0, open: 0 };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'nowwhat-level-4-'));
      [space, elsewhere] = [await openNamespace(), await openNamespace()];
      deployer = await createAdministrator(space, folder);
      const { app: copy, digests } = copyApp(join(app.folder, app.path), folder);
      const decisions = join(folder, 'decisions.yaml');
      writeFileSync(decisions, app.decisions ?? renderDecisions(app));
      app.prepare?.(copy, decisions);
      pin(copy, digests);
      const seen = await seenCalls(copy);
      answer = fix(copy, ['--to', 'security=4', '--config', decisions, ...seen]);
      await enforceRestricted(space);
      await createSecrets(space, app.secrets, app.values);
      const file = await writeForCluster(copy, space, image ?? '');
      askedBy = log === undefined ? undefined : watchAuditLog(log);
      carried = bringToCluster(file, space, deployer);
      pods = await findAppPods(space.client, space.name);
      services = asArray(
        (await space.client.request({ path: `/api/v1/namespaces/${space.name}/services` }))['items'],
      ).map(asObject);
      pods.set('outsider', await startOutsider(elsewhere, image ?? ''));
    }, 900_000);

    afterAll(async () => {
      if (carried !== undefined) await removeOfCluster(carried, space);
      await deployer?.close();
      await elsewhere?.close();
      await space?.close();
      rmSync(folder, { recursive: true });
    });

    /** Where files do not tell who calls whom, the running app does, while nothing is closed yet. */
    async function seenCalls(copy: string): Promise<string[]> {
      if (Object.keys(app.undeclared).length === 0) return [];
      const before = await openNamespace();
      try {
        const calls = { ...app.calls, ...app.undeclared };
        return ['--flows', await recordCalls(copy, calls, before, image ?? ''), '-n', before.name];
      } finally {
        await before.close();
      }
    }

    function podOf(workload: string): AppPod {
      const pod = pods.get(workload);
      if (pod === undefined) throw new Error(`${workload} has no ready pod: ${[...pods.keys()].join(', ')}`);
      return pod;
    }

    /** By name and port of the Service, as programs call it: names, Services and policies must all let it through. */
    const callsOf = (calls: Calls): Try[] =>
      Object.entries(calls).flatMap(([caller, called]) =>
        called.map((each) => {
          const [to = '', port = ''] = each.split(':');
          return { from: podOf(caller), to, address: to, port: Number(port) };
        }),
      );

    /** Workload and pod port behind `service:port`. */
    function behind(called: string): { readonly workload: string; readonly port: number } {
      const [name, port] = called.split(':');
      const { spec } = services.find(({ metadata }) => asObject(metadata)['name'] === name) ?? {};
      const found = asArray(asObject(spec)['ports'])
        .map(asObject)
        .find((each) => each['port'] === Number(port));
      const target = found?.['targetPort'];
      const selector = Object.entries(asObject(asObject(spec)['selector']));
      const workload = [...pods.values()].find(({ labels }) => selector.every(([key, value]) => labels[key] === value));
      const number = asNumber(target) ?? workload?.named[asString(target) ?? ''];
      return { workload: workload?.workload ?? '', port: number ?? Number(port) };
    }

    /** Pod to pod, all there are: from each workload, and from outside of the namespace, to every port that another one declares. */
    const allPairs = (): Try[] => {
      const all = [...pods.values()];
      return all.flatMap((to) =>
        (to.workload === 'outsider' ? [outsiderPort] : to.ports).flatMap((port) =>
          all.filter((from) => from !== to).map((from) => ({ from, to: to.workload, address: to.address, port })),
        ),
      );
    };

    function pairsOf(calls: Calls): string[] {
      return Object.entries(calls).flatMap(([caller, called]) =>
        called.map(behind).map(({ workload, port }) => `${caller} → ${workload}:${port}`),
      );
    }

    it('is at level 4 by what its developers can do, and every declared connection is kept', () => {
      expect(answer).toMatchObject({ written: true, refused: [], decisions: [], notices: [], proof: { opened: [] } });
      expect(answer.goal?.legs).toMatchObject([{ leg: 'security', target: 4, developer: 4 }]);
      expect(answer.left.filter(({ owner }) => owner === 'developer')).toEqual([]);
      for (const { name, keys } of answer.secrets ?? []) expect(app.secrets[name] ?? app.certificates).toEqual(keys);
      expect(answer.network?.cut.filter(({ isThere }) => isThere)).toEqual([]);
    });

    it('runs, with all of its pods ready, where nothing but restricted pods are admitted', async () => {
      const all = await listPods(space.client, space.name);
      const states = all.map(({ metadata, status }) => {
        const { phase, conditions } = asObject(status);
        const isReady = asArray(conditions)
          .map(asObject)
          .some((each) => each['type'] === 'Ready' && each['status'] === 'True');
        return `${asString(asObject(metadata)['name'])} ${phase === 'Succeeded' || isReady ? 'well' : asString(phase)}`;
      });
      expect(states.filter((each) => !each.endsWith(' well'))).toEqual([]);
      expect(pods.size - 1).toBe(app.workloads);
      const { metadata } = await space.client.request({ path: `/api/v1/namespaces/${space.name}` });
      expect(asObject(asObject(metadata)['labels'])).toMatchObject({
        'pod-security.kubernetes.io/enforce': 'restricted',
      });
    });

    // Before the tests that call from within the pods themselves: what they ended stays visible for a minute.
    it.runIf(app.transcript !== undefined)('says and does what the page on it shows', () => {
      const traffic = ['traffic', '--context', '.', '-n', space.name, '--for', '8s', '--yes'];
      const { out, err } = nowwhat([...traffic, '--kubeconfig', kubeconfig ?? ''], { env: { COLUMNS: '100' } });
      const said = [carried?.shown, carried?.applied, out, err]
        .join('\n')
        .replaceAll(space.name, 'shop')
        .replace(/^ {2}\S+: (?=\d+ connections)/m, '  shop: ');
      const lines = new Set(said.split('\n').map(withoutCounts));
      const shown = blocksOf(page, 'console on a cluster').map(withoutCounts);
      expect(shown.length).toBeGreaterThan(15);
      expect(shown.filter((line) => !lines.has(line))).toEqual([]);
    });

    it('reaches everything that it calls, by name', async () => {
      const tries = [...callsOf(app.calls), ...callsOf(app.undeclared)];
      expect(tries.length).toBeGreaterThan(0);
      expect(await findOpen(space.client, tries)).toEqual(tries.map(wordsOf).toSorted());
      measured.calls = tries.length;
    });

    // That the others are refused is not asked: few networks hold pods to policies towards their own node, and the API server may be there.
    it.runIf(app.clients.length > 0)('reaches the API server where it has rights there', async () => {
      for (const client of app.clients)
        await expect.poll(() => reachesApiServer(space.client, podOf(client))).toBe(true);
    });

    it('refuses every other connection between pods, and from another namespace; without policies all are open', {
      timeout: 600_000,
    }, async () => {
      const needed = pairsOf({ ...app.calls, ...app.undeclared, outsider: app.entrances });
      const tries = allPairs();
      const open = await findOpen(space.client, tries);
      expect(open).toEqual(needed.toSorted());
      expect(tries.length).toBeGreaterThan(open.length);
      measured.tried = tries.length;
      measured.open = open.length;
      // The control: it is the policies that refuse, and nothing else.
      const policies = `/apis/networking.k8s.io/v1/namespaces/${space.name}/networkpolicies`;
      await space.client.request({ method: 'DELETE', path: policies });
      await expect
        .poll(() => findOpen(space.client, tries, 1), { timeout: 240_000, interval: 2000 })
        .toEqual(tries.map(wordsOf).toSorted());
    });

    it('is as the page on it tells in figures', () => {
      const { proof, goal, fixed } = answer;
      const [leg] = goal?.legs ?? [];
      const { calls, tried, open } = measured;
      const cells = [
        app.name,
        `${proof.before} → ${proof.after}`,
        fixed.length,
        `${leg?.before} → ${leg?.developer}`,
        `${calls} of ${calls}`,
        `${tried - open} of ${tried}`,
      ];
      const rows = page.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
      expect(rows.filter((row) => row.startsWith(`| ${app.name} |`))).toContain(`| ${cells.join(' | ')} |`);
    });

    it.runIf(log !== undefined)('had nothing written but what the plan said', async () => {
      const writes = (askedBy?.(deployer.name) ?? []).filter((each) => !isRead(each) && !each.isDryRun);
      const told = writes.map(({ verb, what, namespace, name, status }) =>
        [verb, what, `${namespace}/${name}`, status].join(' '),
      );
      const discovery = await discover(space.client);
      const planned = carried?.plan.steps.map(({ action }) => {
        if (action.kind !== 'create') return `${action.kind}, which is no step of a first deployment`;
        const { apiVersion, kind, metadata } = action.object;
        const { namespace = '', name } = asObject(metadata);
        const resource = resourceOfKind(discovery, asString(apiVersion) ?? '', asString(kind) ?? '');
        return `create ${resource.resource} ${asString(namespace) ?? ''}/${asString(name) ?? ''} 201`;
      });
      expect(told.toSorted()).toEqual(planned?.toSorted());
    });
  });
});
