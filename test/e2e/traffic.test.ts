// The traffic command on files and recorded flows, on the built program.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nowwhat } from './run-cli.ts';

const shop = 'examples/shop/k8s';
const flows = ['--flows', 'examples/shop/flows.jsonl'];

describe('traffic', () => {
  it('joins what is declared with what was recorded', () => {
    const { status, out } = nowwhat(['traffic', shop, ...flows, '-o', 'json']);
    expect(status).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      schema: 'nowwhat.dev/traffic/v1',
      window: { start: '2026-11-20T09:00:00.000Z', sources: [{ kind: 'flows', records: 10 }], ignoredCount: 0 },
    });
    const told = report.edges.map(
      (edge: { from: { name: string }; to: { name: string }; port: number; status: string }) =>
        `${edge.from.name} ${edge.to.name} ${edge.port} ${edge.status}`,
    );
    expect(told).toContain('web api 8080 declared-and-seen');
    expect(told).toContain('worker postgres 5432 not-declared');
    expect(told).toContain('worker catalog 8080 declared-not-seen');
    expect(told).toContain('orders payments.example.com 443 outside');
  });

  it.each([
    ['undeclared', 1],
    ['outside', 1],
    ['blocked', 0],
  ])('fails on %s where it is asked to', (what, expected) => {
    expect(nowwhat(['traffic', shop, ...flows, '--fail-on', what, '-q']).status).toBe(expected);
  });

  it('fits narrow terminals', () => {
    for (const width of [40, 60, 80, 200]) {
      const { out } = nowwhat(['traffic', shop, ...flows, '--width', String(width)]);
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });

  it('reads flows from standard input and tells lines it does not understand', () => {
    const line =
      '{"schema":"nowwhat.dev/flow/v1","from":{"namespace":"default","pod":"x"},"to":{"host":"a.example"},"port":1}';
    const { status, out } = nowwhat(['traffic', shop, '--flows', '-'], { input: `${line}\n{"cut` });
    expect(status).toBe(0);
    expect(out).toContain('stdin:2 is no whole JSON');
  });

  it('refuses files without a record, and words it does not know', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'nowwhat-flows-')), 'flows.txt');
    writeFileSync(file, 'hello\n');
    expect(nowwhat(['traffic', shop, '--flows', file])).toMatchObject({
      status: 2,
      err: expect.stringContaining('invalid-flows'),
    });
    expect(nowwhat(['traffic', shop, '--flows', 'none.jsonl'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('path-missing'),
    });
    expect(nowwhat(['traffic', shop, '--fail-on', 'all'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('undeclared, blocked, outside'),
    });
  });

  it('draws Mermaid', () => {
    const { out } = nowwhat(['traffic', shop, ...flows, '-o', 'mermaid']);
    expect(out).toMatch(/^flowchart LR\n/);
    expect(out).toContain('==>|"TCP 5432, not declared"|');
  });

  it('draws an SVG that names what it shows and lets no name become markup', () => {
    const evil =
      '{"schema":"nowwhat.dev/flow/v1","from":{"namespace":"default","workload":"api"},"to":{"host":"<script>&"},"port":1}';
    const { status, out } = nowwhat(['traffic', shop, ...flows, '--flows', '-', '-o', 'svg'], { input: evil });
    expect(status).toBe(0);
    expect(out).toMatch(/^<svg [^>]*role="img" aria-labelledby="title description">/);
    expect(out).toContain('<title id="title">Traffic of examples/shop/k8s</title>');
    expect(out).toContain('<desc id="description">13 connections:');
    expect(out).toContain('@media (prefers-color-scheme:dark)');
    expect(out).not.toContain('<script');
    expect(out).toContain('&lt;script&gt;&amp;');
    for (const name of ['web', 'api', 'cart', 'catalog', 'orders', 'redis', 'postgres', 'worker'])
      expect(out).toMatch(new RegExp(`<text class="name"[^>]*>${name}</text>`));
    const count = (tag: string): number => out.split(`<${tag}`).length - out.split(`</${tag}>`).length;
    for (const tag of ['svg', 'g', 'text', 'title', 'desc', 'style']) expect(count(tag)).toBe(0);
  });
});
