import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../model/index.ts';
import { findPort } from './find-pod.ts';

const pod: JsonObject = { spec: { containers: [{ ports: [{ name: 'web', containerPort: 8080 }] }] } };
const service = (...ports: JsonObject[]): JsonObject => ({ spec: { ports } });

describe('the port of a probe', () => {
  it.each([
    ['of a Service leads to its target', service({ port: 80, targetPort: 8080 }), 80, 8080],
    ['of a Service leads to a named port of the pod', service({ port: 80, targetPort: 'web' }), 80, 8080],
    ['of a Service has a name', service({ port: 81 }, { name: 'http', port: 80, targetPort: 8080 }), 'http', 8080],
    ['of a Service without a target is the same', service({ port: 80 }), 80, 80],
    ['that the Service does not have is none', service({ port: 80 }), 8080, undefined],
    ['whose target no container has is none', service({ port: 80, targetPort: 'admin' }), 80, undefined],
    ['of a pod is its number', undefined, 9000, 9000],
    ['of a pod has a name', undefined, 'web', 8080],
  ])('%s', (_what, through, wanted, found) => {
    expect(findPort({ name: 'p', pod, service: through }, wanted)).toBe(found);
  });
});
