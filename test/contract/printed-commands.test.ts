// Commands that are printed must lead to the cluster that the user named: no text of the program writes one by itself.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Rooms that know the cluster, or whose texts go to whoever does. */
const rooms = ['app', 'backup', 'cli', 'isolation', 'targets'];

/** A verb behind the program, in a text: a command to run. Names of programs, and of what kubectl has declared, have none. */
const command = /['"`\s]kubectl (?:delete|label|taint|edit|scale|patch|get|describe|create|rollout|wait)\b/;

/** Texts that go through `kubectlIn`, whoever wrote them knows no cluster. */
const known: ReadonlySet<string> = new Set(['src/isolation/sensitive/plan-isolation.ts']);

function sources(): string[] {
  return rooms.flatMap((room) =>
    readdirSync(join('src', room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join('src', room, name)),
  );
}

function written(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line) && command.test(line))
    .map((line) => `${file}: ${line.trim()}`);
}

describe('commands of kubectl', () => {
  it('are made by one function', () => {
    const found = sources().filter((file) => !known.has(file));
    expect(found.length).toBeGreaterThan(200);
    expect(found.flatMap(written)).toEqual([]);
  });

  it('would be noticed, and the exceptions are still such', () => {
    expect(command.test('`kubectl --context ${context} delete namespace`')).toBe(false);
    expect(command.test("'Remove it: kubectl delete namespace a'")).toBe(true);
    for (const file of known) expect(written(file), file).not.toEqual([]);
  });
});
