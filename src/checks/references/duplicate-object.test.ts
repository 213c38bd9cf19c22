import { describe, expect, it } from 'vitest';
import { runOnText } from '../run-on-text.ts';
import { duplicateObject } from './duplicate-object.ts';

const job = (name: string, image: string) => `---
apiVersion: batch/v1
kind: Job
metadata: {${name}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: web, image: ${image}}]}}}
`;

describe('an object that is defined twice', () => {
  it('is told with the place of the other definition', () => {
    expect(
      runOnText(duplicateObject, job('name: web', 'a') + job('name: api', 'a') + job('name: web', 'b')).findings,
    ).toEqual([expect.objectContaining({ evidence: expect.stringMatching(/^also in app\.yaml:\d+$/) })]);
  });

  it.each([
    ['has a generated name', 'generateName: web-'],
    ['has no name, which another check tells', 'labels: {app: web}'],
  ])('is not told where it %s', (_, name) => {
    expect(runOnText(duplicateObject, job(name, 'a') + job(name, 'b')).outcome).toBe('pass');
  });

  it('needs an object to be asked', () => {
    expect(runOnText(duplicateObject, '').outcome).toBe('not-applicable');
  });

  it('is told where the reader found another definition', () => {
    const redefined = (name: string) =>
      runOnText(duplicateObject, job('name: web', 'a'), {
        snapshot: (snapshot) => ({
          ...snapshot,
          redefinitions: [
            {
              group: 'batch',
              kind: 'Job',
              namespace: 'default',
              name,
              position: { file: 'old.yaml', line: 7, column: 1 },
            },
          ],
        }),
      }).findings;
    expect(redefined('web')).toEqual([expect.objectContaining({ evidence: 'also in old.yaml:7' })]);
    expect(redefined('gone')).toEqual([]);
  });
});
