import { describe, expect, it } from 'vitest';
import type { PlannedChoice, PlannedFix } from '../../checks/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { CheckMeta } from '../../model/index.ts';
import { ChoiceRules, parseChoice, problemOf } from './choices.ts';

const meta = { id: 'limit-missing', title: 'Limits are set' } as CheckMeta;
const [object] = snapshotOf('apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n').objects;
if (object === undefined) throw new Error('no object');

const choice: PlannedChoice = {
  id: 'limit',
  title: 'Set the limit that you name',
  consequence: 'the container is ended where it needs more',
  asks: {
    what: 'memory limit',
    example: '256Mi',
    problem: (answer) => (/^\d+Mi$/.test(answer) ? undefined : 'is not an amount of memory'),
  },
  change: (answer) => ({ edits: [{ object, edits: [{ op: 'set', path: ['limit'], value: answer }] }], create: [] }),
};
const none: PlannedChoice = {
  id: 'none',
  title: 'Leave it',
  consequence: 'nothing changes',
  change: () => ({ edits: [{ object, edits: [{ op: 'set', path: ['none'], value: true }] }], create: [] }),
};

const fixOf = (container: string): PlannedFix => ({
  check: meta,
  object,
  container,
  message: 'no limit',
  edits: [],
  create: [],
  choices: [choice, none],
});

function valueFor(container: string, ...rules: string[]): unknown {
  const decided = new ChoiceRules(rules.map(parseChoice)).decide(fixOf(container));
  const [edit] = decided?.edits[0]?.edits ?? [];
  return edit?.op === 'set' ? edit.value : undefined;
}

describe('a choice on the command line', () => {
  it('is a check, a choice, and a value where one is asked for', () => {
    expect(parseChoice('a-b=c')).toMatchObject({ check: 'a-b', take: 'c' });
    expect(parseChoice('a@web*/app=c:1:2')).toMatchObject({ subject: '*/*/web*', container: 'app', value: '1:2' });
    for (const wrong of ['a', 'a=', '=b', 'a@=b', 'a@x/=b', 'a b=c', 'a=b:'])
      expect(() => parseChoice(wrong)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });

  it('holds for the subjects that it names, and the narrow one wins', () => {
    const rules = ['limit-missing=limit:100Mi', 'limit-missing@web/app=limit:200Mi', 'other=limit:300Mi'];
    expect(valueFor('app', ...rules)).toBe('200Mi');
    expect(valueFor('sidecar', ...rules)).toBe('100Mi');
    expect(valueFor('app', 'limit-missing@api=limit:1Mi')).toBeUndefined();
  });

  it('is refused where there is no such choice, or its value will not do', () => {
    const decide = (rule: string) => () => valueFor('app', rule);
    const rules = new ChoiceRules([parseChoice('limit-missing=limits:1Mi')]);
    expect(rules.decide(fixOf('app'))).toBeUndefined();
    expect(() => rules.requireOffered()).toThrow(expect.objectContaining({ code: 'unknown-choice' }));
    expect(decide('limit-missing=limit')).toThrow('needs a value: memory limit, written as 256Mi');
    expect(decide('limit-missing=limit:much')).toThrow('"much" is not an amount of memory');
    expect(decide('limit-missing=none:1')).toThrow('asks for no value');
    expect(problemOf(choice, '1Mi')).toBeUndefined();
  });

  it('leaves findings that do not offer it, and the next one is taken for these', () => {
    const only: PlannedFix = { ...fixOf('other'), choices: [none] };
    const rules = new ChoiceRules(['limit-missing=limit:1Mi', 'limit-missing=none'].map(parseChoice));
    expect(rules.decide(only)?.choice).toBe('none');
    expect(rules.decide(fixOf('app'))?.choice).toBe('limit');
    const one = new ChoiceRules([parseChoice('limit-missing=limit:1Mi')]);
    expect([one.decide(only), one.decide(fixOf('app'))?.choice]).toEqual([undefined, 'limit']);
    expect(() => one.requireOffered()).not.toThrow();
  });

  it('is told where no finding asked for it, unless it is one that stays with the app', () => {
    const given = [parseChoice('limit-missing=none'), parseChoice('other@web=none')];
    const rules = new ChoiceRules([...given, parseChoice('more=none')]);
    rules.decide(fixOf('app'));
    expect(rules.notices([])).toEqual([]);
    expect(rules.notices(given)).toEqual([
      'The choice other of */*/web: none was not needed: no finding here asks for it',
    ]);
  });

  it('leaves alone what needs no decision', () => {
    const plain = { ...fixOf('app'), choices: [] };
    expect(new ChoiceRules([]).decide(plain)).toBe(plain);
    expect(new ChoiceRules([]).decide(fixOf('app'))).toBeUndefined();
  });
});
