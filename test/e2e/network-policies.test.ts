// The commands about network policies, as a user runs them.

import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import { nowwhat, root } from './run-cli.ts';

const shop = 'examples/shop/k8s';
const flows = ['--flows', 'examples/shop/flows.jsonl'];
const folder = mkdtempSync(join(tmpdir(), 'nowwhat-network-'));

afterAll(() => rmSync(folder, { recursive: true }));

describe('network policies', () => {
  it('are YAML that reads as what they are: policies that block nothing of what they were made from', () => {
    const file = join(folder, 'policies.yaml');
    const { status, out } = nowwhat(['network', 'policies', shop, ...flows]);
    expect(status).toBe(0);
    writeFileSync(file, out);
    const { status: clean, out: json } = nowwhat([
      'traffic',
      shop,
      file,
      ...flows,
      '--fail-on',
      'blocked',
      '-o',
      'json',
    ]);
    expect(clean).toBe(0);
    const { edges } = JSON.parse(json);
    expect(edges.length).toBeGreaterThan(10);
    // A host name without addresses is open to all of them but a few.
    const unknown = edges.filter(({ isBlocked }: { isBlocked?: boolean }) => isBlocked !== false);
    expect(unknown.map(({ to }: { to: { name: string } }) => to.name)).toEqual(['payments.example.com']);
  });

  it('cut nothing but what they say: one policy less is told by traffic', () => {
    const { out } = nowwhat(['network', 'policies', shop, ...flows]);
    const file = join(folder, 'broken.yaml');
    writeFileSync(
      file,
      out
        .split('---\n')
        .filter((text) => !text.includes('\n  name: redis\n'))
        .join('---\n'),
    );
    expect(nowwhat(['traffic', shop, file, ...flows, '--fail-on', 'blocked']).status).toBe(1);
  });

  it('keep their published schema', () => {
    const schema: object = JSON.parse(readFileSync(join(root, 'docs/schemas/network-policies-v1.schema.json'), 'utf8'));
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
    for (const more of [[], flows, ['--keep-uncalled'], ['--peer', 'nodes=10.0.0.0/16']]) {
      const { out } = nowwhat(['network', 'policies', shop, ...more, '-o', 'json']);
      validate(JSON.parse(out));
      expect(validate.errors).toBeNull();
    }
    expect(validate({ schema: 'nowwhat.dev/network-policies/v1' })).toBe(false);
  });

  it('are narrowed by answers', () => {
    const decisions = (...more: string[]): number =>
      JSON.parse(nowwhat(['network', 'policies', shop, ...flows, '-o', 'json', ...more]).out).decisions.length;
    const answers = [
      'payments.example.com=203.0.113.0/24',
      'ingress=ingress-nginx/app.kubernetes.io/name=ingress-nginx',
      'api-server=10.0.0.1',
    ];
    // What stays is a workload without labels: no answer gives it some.
    expect([decisions(), decisions(...answers.flatMap((each) => ['--peer', each]))]).toEqual([4, 1]);
  });

  it('in a file are proven to keep what is needed, until somebody edits them or the app', () => {
    const home = mkdtempSync(join(folder, 'proofs-'));
    cpSync(join(root, shop), join(home, 'k8s'), { recursive: true });
    cpSync(join(root, 'examples/shop/flows.jsonl'), join(home, 'flows.jsonl'));
    const words = ['network', 'policies', 'k8s', '--flows', 'flows.jsonl', '--output-file', 'policies.yaml'];
    expect(nowwhat(words, { cwd: home }).status).toBe(0);
    expect(existsSync(join(home, '.nowwhat'))).toBe(false);
    mkdirSync(join(home, '.nowwhat'));
    const proofs = () => JSON.parse(nowwhat(['proofs', '-o', 'json'], { cwd: home }).out).proofs;
    // What stands in no file that stays is no proof.
    nowwhat(['network', 'policies', 'k8s'], { cwd: home });
    expect(proofs()).toEqual([]);
    nowwhat(words, { cwd: home });
    const [{ proof, freshness }] = proofs();
    expect(freshness).toEqual({ state: 'fresh' });
    expect(proof).toMatchObject({
      kind: 'network-policies',
      claim: 'The network policies in policies.yaml keep every declared and observed connection of k8s',
      command: 'nowwhat network policies k8s --flows flows.jsonl --output-file policies.yaml',
      result: 'holds',
      figures: { policies: 12, connections: 16, kept: 16 },
      inputs: [{ folder: 'k8s' }, { file: 'policies.yaml' }, { file: 'flows.jsonl' }],
    });
    appendFileSync(join(home, 'policies.yaml'), '# edited\n');
    const changed = ['policies.yaml has changed'];
    expect(proofs()[0].freshness).toEqual({ state: 'stale', changed });
  });

  it('exit with 1 where something would be cut', () => {
    const file = join(folder, 'app.yaml');
    const pod = { name: 'web', labels: { app: 'web' } };
    const spec = { containers: [{ name: 'web', image: 'a', env: [{ name: 'DB_ADDR', value: 'db:5432' }] }] };
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: pod, spec }));
    const { status, out } = nowwhat(['network', 'policies', file, '-o', 'text']);
    expect(status).toBe(1);
    expect(out).toContain('0 of 1 declared connection kept');
    expect(out).toContain('default/web → default/db, TCP 5432: this Service is not in the input');
  });

  it.each([
    [['network', 'policies', shop, '--peer', 'nodes'], 'is not a name with addresses or pods'],
    [['network', 'policies', shop, '--peer', 'nodes=10.0.0.0/99'], 'is not a name with addresses or pods'],
    [['network', 'rehearse', shop], 'no cluster was named to rehearse on'],
    [['network', 'rehearse', shop, '--live'], '--live needs the cluster in which the app runs'],
    [['network', 'rehearse', '--context', '.', '--live', '--on', 'stage'], '--on is another place'],
    [['network', 'rehearse', shop, '--on', 'stage', '--within', '1m'], '--within is for --live'],
    [['network', 'rehearse', '--context', '.', '--live', '--within', '11m'], '--within is longer than 10 minutes'],
    [['network', 'audit', shop], 'no cluster was named'],
    [['network', 'rollout'], 'no cluster was named'],
  ])('%j is told what is wrong', (words, what) => {
    const { status, err } = nowwhat(words);
    expect([status, err]).toEqual([2, expect.stringContaining(what)]);
  });
});
