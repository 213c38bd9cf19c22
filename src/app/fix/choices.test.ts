import { describe, expect, it } from 'vitest';
import type { PlannedChoice, PlannedFix } from '../../checks/index.ts';
import { digestOf } from '../../checks/questions.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { parseImage } from '../../kube/images.ts';
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

describe('a value that fits one thing only', () => {
  const imageFix = (text: string): PlannedFix => {
    const image = parseImage(text);
    if (!image.valid) throw new Error(text);
    const pinned: PlannedChoice = {
      id: 'name-digest',
      title: 'Hold it',
      consequence: 'it stays',
      asks: digestOf(image),
      change: (answer) => ({
        edits: [{ object, edits: [{ op: 'set', path: ['image'], value: `${text}@${answer}` }] }],
        create: [],
      }),
    };
    return { ...fixOf(text), choices: [pinned] };
  };
  const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

  function pinned(
    texts: readonly string[],
    ...given: string[]
  ): { readonly images: unknown[]; readonly notices: string[] } {
    const parsed = given.map((text) => parseChoice(`limit-missing${text}`));
    const rules = new ChoiceRules(parsed);
    const fixes = texts.map(imageFix);
    rules.meet(fixes);
    const images = fixes.map((fix) => {
      const [edit] = rules.decide(fix)?.edits[0]?.edits ?? [];
      return edit?.op === 'set' ? edit.value : undefined;
    });
    return { images, notices: rules.notices(parsed) };
  }

  it('goes to the one that it names, by any spelling of its name', () => {
    const { images, notices } = pinned(
      ['web:1', 'team/api:2', 'web:2'],
      `=name-digest:docker.io/library/web:1@${digest('a')}`,
      `=name-digest:team/api@${digest('b')}`,
    );
    expect(images).toEqual([`web:1@${digest('a')}`, `team/api:2@${digest('b')}`, undefined]);
    expect(notices).toEqual([]);
  });

  it('goes to none where several ask and it names none, and that is told', () => {
    const { images, notices } = pinned(['web:1', 'team/api:2'], `=name-digest:${digest('a')}`);
    expect(images).toEqual([undefined, undefined]);
    expect(notices).toEqual([
      'The choice limit-missing: name-digest was not made: its value fits one of docker.io/library/web:1, docker.io/team/api:2; name it before the value, or choose for one object with limit-missing@NAME/CONTAINER',
    ]);
  });

  it('needs no name where one asks, also in several containers', () => {
    expect(pinned(['web:1', 'web:1'], `=name-digest:${digest('a')}`).images).toEqual([
      `web:1@${digest('a')}`,
      `web:1@${digest('a')}`,
    ]);
    expect(pinned(['web:1', 'team/api:2'], `@web/web:1=name-digest:${digest('a')}`).images).toEqual([
      `web:1@${digest('a')}`,
      undefined,
    ]);
  });

  it('is refused where it will not do, whoever it names', () => {
    expect(() => pinned(['web:1'], '=name-digest:web@sha256:12')).toThrow(/is no digest/);
  });
});
