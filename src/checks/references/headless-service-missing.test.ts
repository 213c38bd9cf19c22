import { describe, expect, it } from 'vitest';
import { chooseOnText } from '../../../test/kubernetes/choose-on-text.ts';
import { headlessServiceMissing } from './headless-service-missing.ts';

function app(service: string): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "a:1", ports: [{containerPort: 5432}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  selector: {app: db}
${service}`;
}

const choose = (service: string) => chooseOnText(headlessServiceMissing, app(service), 'make-headless');

describe('a Service with an address', () => {
  it('is made headless where callers reach the same ports without it', () => {
    expect(choose('  ports: [{port: 5432}]\n')).toContain('clusterIP: None');
  });

  it.each([
    ['another port', '  ports: [{port: 80, targetPort: 5432}]\n'],
    ['a node port', '  type: NodePort\n  ports: [{port: 5432}]\n'],
  ])('stays where they need %s', (_, service) => {
    expect(choose(service)).toBe(app(service));
  });
});
