import { describe, expect, it } from 'vitest';
import { parseProbes } from './parse-probes.ts';

const probe = (rest: string): string => `probes:\n- name: answers\n  in: service/web\n${rest}`;

describe('probes of a drill', () => {
  it('are requests and commands, each with what it expects', () => {
    const text = `probes:
- name: answers
  in: svc/web
  http: { port: 80, path: /healthz, matches: "^ok$" }
- name: orders are there
  namespace: shop
  in: statefulset/db
  within: 90s
  exec: { command: [psql, -tAc, select 1], container: db }
`;
    expect(parseProbes(text, 'probes.yaml')).toEqual([
      {
        name: 'answers',
        namespace: undefined,
        place: { kind: 'Service', name: 'web' },
        within: 60_000,
        act: { type: 'http', port: 80, path: '/healthz', headers: {}, status: 200, matches: /^ok$/mu },
      },
      {
        name: 'orders are there',
        namespace: 'shop',
        place: { kind: 'StatefulSet', name: 'db' },
        within: 90_000,
        act: { type: 'exec', command: ['psql', '-tAc', 'select 1'], container: 'db', matches: undefined },
      },
    ]);
  });

  it.each([
    ['nothing to do', probe(''), 'probes.0: it must have one of http and exec'],
    ['two things to do', probe('  http: { port: 80 }\n  exec: { command: [x] }\n'), 'one of http and exec'],
    ['a word that is misspelt', probe('  http: { prot: 80 }\n'), 'probes.0.http'],
    [
      'a place that leads to no pod',
      probe('  http: { port: 80 }\n').replace('service/web', 'secret/web'),
      'is none of service/NAME',
    ],
    [
      'a pattern that is none',
      probe('  http: { port: 80, matches: "(" }\n'),
      'probes.0.http.matches: "(" is not a regular',
    ],
    ['no time', probe('  within: soon\n  http: { port: 80 }\n'), '"soon" is not a duration'],
    [
      'a name twice',
      `${probe('  http: { port: 80 }\n')}- { name: answers, in: pod/x, exec: { command: [x] } }\n`,
      'two probes are called "answers"',
    ],
    ['no probe', 'probes: []\n', 'probes'],
    ['no YAML', 'probes: [', 'probes.yaml'],
  ])('are refused with %s', (_what, text, message) => {
    expect(() => parseProbes(text, 'probes.yaml')).toThrow(message);
  });
});
