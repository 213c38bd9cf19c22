// The published connections: who reaches whom on which ports, edge for edge.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareInventory } from '../../src/inventory/index.ts';
import { type ConnectionsReport, findConnections, portWords, type ReportEdge } from '../../src/reachability/index.ts';
import { readSnapshot } from '../../src/sources/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { sharedFile } from './shared-folder.ts';

interface Published {
  readonly src: string;
  readonly dst: string;
  readonly conn: string;
}

const folder = sharedFile('reachability', 'exams/reachability');
const cases = (folder === undefined ? [] : readdirSync(folder)).filter((name) =>
  statSync(join(folder ?? '', name)).isDirectory(),
);

const options = {
  helm: { values: [], set: [] },
  namespace: 'default',
  minor: 34,
  allowRemote: false,
  maxFileBytes: 32 << 20,
  stdin: async () => new Uint8Array(),
  environment: {},
};

const external = /^([\d.]+)-([\d.]+)\[External\]$/;
const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** `TCP 1,2-3,UDP 4` and `TCP 1, 2-3; UDP 4` are the same words in another order. */
function wordsOf(connection: string): string {
  if (/^all (?:connections|ports)$/i.test(connection)) return 'All';
  let protocol = '';
  const words = connection.split(/[,;]\s*/).map((word) => {
    const [first = '', second] = word.split(' ');
    if (second === undefined) return `${protocol} ${first}`;
    protocol = first;
    return word;
  });
  return words.toSorted().join(',');
}

/** Addresses of one workload, direction and connection as one set, however it is cut. */
function compared(edges: readonly Published[]): string[] {
  const ranges = new Map<string, [number, number][]>();
  const plain: string[] = [];
  for (const { src, dst, conn } of edges) {
    const [from, to] = [external.exec(src), external.exec(dst)];
    const range = from ?? to;
    if (range === null) {
      plain.push(`${src} -> ${dst} : ${wordsOf(conn)}`);
      continue;
    }
    const key = `${from === null ? src : 'External'} -> ${to === null ? dst : 'External'} : ${wordsOf(conn)}`;
    const list = ranges.get(key) ?? [];
    list.push([toNumber(range[1] ?? ''), toNumber(range[2] ?? '')]);
    ranges.set(key, list);
  }
  const merged = [...ranges].map(([key, list]) => {
    const joined: [number, number][] = [];
    for (const [first, last] of list.toSorted(([a], [b]) => a - b)) {
      const before = joined.at(-1);
      if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
      else joined.push([first, last]);
    }
    return `${key} at ${JSON.stringify(joined)}`;
  });
  return [...plain, ...merged].toSorted();
}

function publishedIn(path: string): Published[] {
  return JSON.parse(readFileSync(join(path, 'expected.json'), 'utf8')) as Published[];
}

/** The entries of all protocols between two ends as one. */
function joined(edges: readonly ReportEdge[]): Published[] {
  const words = new Map<string, string[]>();
  for (const { from, to, protocol, ports } of edges) {
    const key = `${from} ${to}`;
    const word = protocol === 'All' ? 'All Connections' : `${protocol} ${ports?.join(',') ?? '1-65535'}`;
    words.set(key, [...(words.get(key) ?? []), word]);
  }
  return [...words].map(([key, list]) => {
    const [src = '', dst = ''] = key.split(' ');
    return { src, dst, conn: list.join(',') };
  });
}

describe.skipIf(folder === undefined)('the published connections', () => {
  it.each(cases)('%s are found, and no others', async (name) => {
    const path = join(folder ?? '', name);
    const snapshot = await readSnapshot([join(path, 'manifests')], options);
    const found = [...findConnections(await prepareInventory(snapshot)).edges()].flatMap(({ from, to, ports }) =>
      ports.read.length === 0 ? [] : [{ src: from, dst: to, conn: portWords(ports.read) }],
    );
    expect(compared(found)).toEqual(compared(publishedIn(path)));
  });

  it.each(cases.filter((_, index) => index % 6 === 0))('%s are what the program prints as JSON', (name) => {
    const path = join(folder ?? '', name);
    const { status, out } = nowwhat(['network', join(path, 'manifests'), '-o', 'json']);
    expect(status).toBe(0);
    const { edges } = JSON.parse(out) as ConnectionsReport;
    expect(compared(joined(edges))).toEqual(compared(publishedIn(path)));
  });
});
