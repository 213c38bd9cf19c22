import { describe, expect, it } from 'vitest';
import type { OfferedChoice, OpenDecision } from '../../app/fix/fix-answer.ts';
import { createStyle } from '../style.ts';
import { decisionLines } from './decisions.ts';
import { listSubjects } from './list-subjects.ts';
import { mergeOffers } from './merge-offers.ts';

function decision(name: string, choices: readonly OfferedChoice[], container = name): OpenDecision {
  const subject = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name, container };
  const meta = { check: 'readiness-probe-missing', title: 'Containers say when they can serve' };
  return { ...meta, owner: 'developer', subject, message: `container "${container}" has no probe`, choices };
}

function tcp(port: string): OfferedChoice {
  return { id: 'tcp-port', title: `Ask port ${port}`, consequence: `ready as soon as --port=${port} listens` };
}

function text(decisions: readonly OpenDecision[]): string {
  return decisionLines({ decisions }, { style: createStyle(false), width: 100 }).join('\n');
}

describe('ways of many findings', () => {
  it('are told once where they differ in one word only, wherever it stands', () => {
    const merged = mergeOffers([decision('api', [tcp('8080')]), decision('redis', [tcp('6379')])]);
    expect(merged).toMatchObject([
      {
        choice: { title: 'Ask port …', consequence: 'ready as soon as --port=… listens' },
        findings: [{ own: '8080' }, { own: '6379' }],
      },
    ]);
  });

  it('stay apart where they differ in more, ask for other values, or are of another name', () => {
    const two: OfferedChoice = { ...tcp('1'), consequence: 'ready as soon as --port=2 listens' };
    const asking: OfferedChoice = { ...tcp('8080'), asks: { what: 'port', example: '80' } };
    const other: OfferedChoice = { ...tcp('8080'), id: 'http-port' };
    const longer: OfferedChoice = { ...tcp('8080'), title: 'Ask port 8080 twice' };
    const decisions = [tcp('8080'), two, asking, other, longer].map((choice, index) => decision(`d${index}`, [choice]));
    expect(mergeOffers(decisions)).toHaveLength(5);
  });

  it('stay apart where two of three differ from one another in more than from the first', () => {
    const say = (a: string, b: string): OfferedChoice => ({ id: 'x', title: `${a} then ${b}`, consequence: 'c' });
    const decisions = [say('p', 'q'), say('z', 'q'), say('p', 'z')].map((choice, i) => decision(`d${i}`, [choice]));
    expect(mergeOffers(decisions).map(({ choice }) => choice.title)).toEqual(['p then q', 'z then q', 'p then z']);
  });

  it('keep the objects and what is theirs', () => {
    const shown = text([decision('api', [tcp('8080')]), decision('redis', [tcp('6379')])]);
    expect(shown).toContain('for Deployment shop/api (8080), shop/redis (6379)');
    expect(shown.match(/--choose/g)).toHaveLength(1);
    const other = text([decision('api', [tcp('8080')], 'proxy'), decision('redis', [tcp('6379')])]);
    expect(other).toContain('for Deployment shop/api (container proxy: 8080), shop/redis (6379)');
    const two = ['a', 'b'].map((name, index) => decision('api', [tcp(`80${index}`)], name));
    expect(text(two)).toContain('for Deployment shop/api (containers a: 800, b: 801)');
  });

  it('name objects once on top where all have the same ways, and beside a way that only some have', () => {
    const all: OfferedChoice = { id: 'all', title: 'Do it', consequence: 'it is done' };
    const some: OfferedChoice = { id: 'some', title: 'Do a part', consequence: 'a part is done' };
    const shown = text([decision('api', [all]), decision('redis', [some, all])]);
    expect(shown).toContain('2 findings\n      Deployment shop/api, shop/redis\n    - Do it\n      it is done\n');
    expect(shown).toContain('- Do a part\n      for Deployment shop/redis\n');
  });

  it('of one finding come with its message', () => {
    expect(text([decision('api', [tcp('80')])])).toContain(
      'Deployment shop/api, container api  container "api" has no',
    );
  });
});

describe('listed subjects', () => {
  it('name containers where the name of the object does not tell them', () => {
    const found = [decision('api', [], 'api'), decision('web', [], 'web'), decision('web', [], 'proxy')];
    expect(listSubjects(found)).toBe('Deployment shop/api, shop/web (containers web, proxy)');
  });

  it('are cut short, but never by one only', () => {
    const names = (number: number) => Array.from({ length: number }, (_, index) => decision(`d${index}`, []));
    expect(listSubjects(names(9))).not.toContain('more');
    expect(listSubjects(names(10))).toMatch(/; and 2 more$/);
  });
});
