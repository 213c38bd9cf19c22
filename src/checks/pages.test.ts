// Holds every check to its page: the four sections are there, and its examples give exactly what the page says.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clusterOf, joinedOf } from '../../test/kubernetes/cluster-snapshot.ts';
import { editFiles, withEditedFiles } from '../fixes/index.ts';
import { type Inventory, prepareInventory } from '../inventory/index.ts';
import { snapshotOf } from '../inventory/snapshot-builder.ts';
import { type Finding, isEmptyChange, valueAt } from '../model/index.ts';
import { type PageExample, parseCheckPage } from './check-pages.ts';
import type { Check, CheckOptions } from './index.ts';
import { canFix, planFixes } from './plan-fixes.ts';
import { runChecks } from './run-checks.ts';

const root = new URL('.', import.meta.url);
// Mutation tests go family by family, and load no other: that halves the time of each mutant. An empty name loads none.
const onlyFamily = process.env['NOWWHAT_PAGES_OF'];

async function loadChecks(): Promise<readonly Check[]> {
  if (onlyFamily === undefined) return (await import('./index.ts')).builtInChecks;
  if (onlyFamily === '') return [];
  return Object.values<readonly Check[]>(await import(`./${onlyFamily}/index.ts`)).flat();
}

const checks = await loadChecks();
const options = { minor: 34, today: '2026-01-15', allowedRegistries: ['registry.example.com'] };

/** `<1000 characters>` stands for a text of that length. */
function expand(text: string): string {
  return text.replace(/<(\d+) characters>/g, (_, length) => 'x'.repeat(Number(length)));
}

async function findingsFor({ text: short, minor, live, joined }: PageExample, check: Check) {
  const text = expand(short);
  const inventory = await prepareInventory(
    joined === true ? joinedOf(text) : live === true ? clusterOf(text) : snapshotOf(text),
  );
  return { inventory, findings: runChecks([check], inventory, { ...options, minor: minor ?? options.minor }).findings };
}

/** Findings of any check that fail, as `check subject`. */
function failuresIn(inventory: Inventory, settings: CheckOptions): Set<string> {
  const { findings } = runChecks(checks, inventory, settings);
  const failing = findings.filter(({ verdict }) => verdict === 'fail');
  return new Set(
    failing.map(({ check, subject }) => `${check} ${subject.kind}/${subject.name}/${subject.container ?? ''}`),
  );
}

/** What fails only after a change; what `prices` names may. */
function openedBy(
  before: Inventory,
  after: Inventory,
  settings: CheckOptions,
  prices: readonly string[] = [],
): string[] {
  const known = failuresIn(before, settings);
  const isPrice = (failure: string): boolean => prices.includes('*') || prices.includes(failure.split(' ')[0] ?? '');
  return [...failuresIn(after, settings)].filter((failure) => !known.has(failure) && !isPrice(failure));
}

describe.each(checks.map((check) => [check.meta.id, check] as const))('%s', (id, check) => {
  const file = new URL(`${check.meta.family}/${id}.md`, root);
  const page = parseCheckPage(existsSync(file) ? readFileSync(file, 'utf8') : '');

  it('has a page with the four sections and examples', () => {
    expect(page.title).toBe(id);
    expect([...page.sections.keys()]).toEqual(['What', 'Why', 'How to fix', 'When not to use it']);
    const kinds = new Set(page.examples.map(({ kind }) => kind));
    expect(kinds.has('unknown') || (kinds.has('bad') && kinds.has('good'))).toBe(true);
  });

  it.each(page.examples.map((example, index) => [`${example.kind} example ${index + 1}`, example] as const))(
    'is right on its %s',
    async (_, example) => {
      const { inventory, findings } = await findingsFor(example, check);
      expect(inventory.snapshot.unreadable).toEqual([]);
      const verdicts = findings.map(({ verdict }) => verdict);
      const expected =
        example.kind === 'good' ? [] : Array(example.count).fill(example.kind === 'bad' ? 'fail' : 'unknown');
      expect(verdicts, findings.map(({ message }) => message).join('; ')).toEqual(expected);
      for (const { message, evidence, path, subject } of findings) {
        expect(message, 'one sentence without its full stop').toMatch(/^\S.*[^.\s]$/);
        expect(evidence).not.toBe('');
        if (subject.kind !== 'App') expect(path, 'a field, or where it should be added').toMatch(/^\/./);
      }
    },
  );

  it('points each finding of its bad examples at the line of its field', async () => {
    for (const example of page.examples.filter(({ kind }) => kind === 'bad')) {
      const { inventory, findings } = await findingsFor(example, check);
      // What runs and stands in no file has no line.
      const isPlaced = ({ subject, position }: Finding): boolean =>
        subject.kind !== 'App' && (position !== undefined || example.joined !== true);
      for (const finding of findings.filter(isPlaced)) {
        const { kind, name } = finding.subject;
        const line = example.text.split('\n')[(finding.position?.line ?? 0) - 1];
        expect(line, 'points outside of the text').toBeDefined();
        const steps = (finding.path ?? '')
          .split('/')
          .slice(1)
          .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
        const path = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
        const last = path.at(-1);
        const exists = inventory.objects.some(
          (object) => object.kind === kind && object.name === name && valueAt(object.raw, path) !== undefined,
        );
        if (exists && typeof last === 'string') expect(line).toContain(last);
      }
    }
  });

  it.runIf(canFix(check))('puts right what it can of its bad examples, and that once', async () => {
    let made = 0;
    for (const example of page.examples.filter(({ kind }) => kind === 'bad')) {
      const { inventory, findings } = await findingsFor(example, check);
      const settings = { ...options, minor: example.minor ?? options.minor };
      const planned = planFixes([check], inventory, settings);
      expect(planned.length).toBe(findings.length);
      const wishes = planned.filter((fix) => !isEmptyChange(fix));
      const { files, refused } = editFiles(inventory.snapshot, wishes);
      expect(refused).toEqual([]);
      made += wishes.length + planned.filter(({ choices }) => choices.length > 0).length;
      const edited = await prepareInventory(withEditedFiles(inventory.snapshot, files));
      const left = runChecks([check], edited, settings).findings;
      expect(left.map(({ message }) => message)).toHaveLength(findings.length - wishes.length);
      expect(openedBy(inventory, edited, settings, check.meta.hides)).toEqual([]);
      const again = planFixes([check], edited, settings).filter((fix) => !isEmptyChange(fix));
      expect(editFiles(edited.snapshot, again).files).toEqual([]);
    }
    expect(made).toBeGreaterThan(0);
  });

  it.runIf(canFix(check))('is content after each of the choices that it offers', async () => {
    for (const example of page.examples.filter(({ kind }) => kind === 'bad')) {
      const { inventory, findings } = await findingsFor(example, check);
      const settings = { ...options, minor: example.minor ?? options.minor };
      for (const fix of planFixes([check], inventory, settings)) {
        expect(new Set(fix.choices.map((choice) => choice.id)).size).toBe(fix.choices.length);
        for (const choice of fix.choices) {
          const answer = choice.asks?.example ?? '';
          expect(choice.asks?.problem?.(answer)).toBeUndefined();
          expect(choice.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
          expect([choice.title, choice.consequence].filter((text) => !/^\S.*[^.\s]$/.test(text))).toEqual([]);
          const { files, refused } = editFiles(inventory.snapshot, [choice.change(answer)]);
          expect(refused).toEqual([]);
          const edited = await prepareInventory(withEditedFiles(inventory.snapshot, files));
          expect(runChecks([check], edited, settings).findings.length).toBeLessThan(findings.length);
          expect(
            openedBy(inventory, edited, settings, [...(choice.leavesOpen ?? []), ...(check.meta.hides ?? [])]),
            choice.id,
          ).toEqual([]);
        }
      }
    }
  });
});

describe('the list of checks', () => {
  it('holds exactly the checks that have a page in their family folder', () => {
    const pages = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name === (onlyFamily ?? entry.name))
      .flatMap(({ name }) => readdirSync(new URL(`${name}/`, root)).filter((file) => file.endsWith('.md')))
      .map((file) => file.replace(/\.md$/, ''));
    expect(checks.map(({ meta }) => meta.id).sort()).toEqual(pages.sort());
  });

  it.runIf(onlyFamily === undefined)('has fixes or choices for a good part of what it finds', () => {
    expect(checks.filter(canFix).length).toBeGreaterThanOrEqual(70);
  });

  it('has unique names in kebab-case and a sentence of remediation', () => {
    const ids = checks.map(({ meta }) => meta.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { meta } of checks) {
      expect(meta.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(meta.remediation).toMatch(/^[A-Z].*\.$/);
      expect(meta.title).not.toMatch(/\.$/);
    }
  });
});
