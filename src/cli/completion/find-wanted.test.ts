import { expect, it } from 'vitest';
import { declaredCommands } from '../../../test/contract/command-line.ts';
import { findWanted } from './find-wanted.ts';
import { namedOptions, namedWords, ownOptions } from './named-words.ts';

const declared = declaredCommands();
const program = declared.find(({ path }) => path === '')?.command;

function find(line: string): ReturnType<typeof findWanted> {
  if (program === undefined) throw new Error('there is a program');
  return findWanted(program, line.split(' '));
}

it.each([
  ['backup describe ', 'backup'],
  ['backup describe --store kept sh', 'backup'],
  ['backup diff one ', 'backup'],
  ['restore get one two ', 'restore'],
  ['restore create --from-backup ', 'backup'],
  ['restore create --from-backup=n', 'backup'],
  ['drill --from-schedule ', 'saved-schedule'],
  ['schedule describe ', 'schedule'],
  ['backup prune --schedule ', 'saved-schedule'],
  ['schedule drill weekly --of ', 'saved-schedule'],
  ['clone ', 'namespace'],
  ['clone delete one ', 'clone'],
  ['check --context ', 'context'],
  ['check ./k8s --context . -n ', 'namespace'],
  ['backup create --include-namespaces ', 'namespace'],
  ['backup browse one -n ', 'saved-namespace'],
  ['restore create --from-backup one --include-namespaces ', 'saved-namespace'],
])('%s is about a %s', (line, kind) => {
  expect(find(line)?.kind).toBe(kind);
});

it.each([
  'backup describe one ',
  'backup describe --st',
  'backup describe --store ',
  'check ./k8s -n ',
  'schedule create nightly --schedule ',
  'restore create --nonsense=',
  'ba',
  '',
])('%s is about no name that anybody knows', (line) => {
  expect(find(line)).toBeUndefined();
});

it('of a list, the last name is the one that is typed', () => {
  expect(find('backup create -n shop,pa')).toMatchObject({ typed: 'pa', before: 'shop,' });
  expect(find('backup describe a,b')).toMatchObject({ typed: 'a,b', before: '' });
});

it('options say where to look, and how', () => {
  const flags = { store: 'kept', context: 'prod', asGroup: ['a', 'b'], allNamespaces: true, namespace: 'shop' };
  expect(find('schedule describe --store kept --context=prod -n shop --as-group a --as-group b -A ')?.flags).toEqual(
    flags,
  );
  expect(find('restore create --from-backup one -n ')?.flags).toMatchObject({ fromBackup: 'one' });
  expect(find('backup browse one -n ')?.operands).toEqual(['one']);
});

it('the tables name commands and options that there are', () => {
  const byPath = new Map(declared.map((each) => [each.path, each]));
  for (const [path, kinds] of Object.entries(namedWords))
    expect(byPath.get(path)?.command.registeredArguments.length, path).toBeGreaterThanOrEqual(kinds.length);
  for (const each of Object.keys(ownOptions)) {
    const [, path = '', option = ''] = /^(.*) (--.*)$/.exec(each) ?? [];
    expect(byPath.get(path)?.options, each).toContain(option);
  }
  for (const option of Object.keys(namedOptions))
    expect(
      declared.some(({ options }) => options.has(option)),
      option,
    ).toBe(true);
});

it('every word that a command about one backup, restore or schedule takes is in the table', () => {
  const named = declared.filter(
    ({ path, command }) =>
      command.registeredArguments.some((each) => ['backup', 'restore', 'restores', 'other'].includes(each.name())) ||
      /^schedule (?!create|drill)/.test(path),
  );
  for (const { path, command } of named)
    if (command.registeredArguments.length > 0) expect(namedWords[path], path).toBeDefined();
});
