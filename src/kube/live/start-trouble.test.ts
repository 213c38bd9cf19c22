import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { findStartTrouble } from './start-trouble.ts';

const waiting = (reason: string, message?: string): JsonObject => ({
  status: {
    containerStatuses: [{ state: { waiting: message === undefined ? { reason } : { reason, message } } }],
  },
});

describe('why a pod does not start', () => {
  it.each([
    ['ImagePullBackOff', true],
    ['ErrImageNeverPull', true],
    ['RunContainerError', true],
    ['ErrImagePull', false],
    ['CreateContainerConfigError', false],
  ])('%s is said; more waiting is of no use: %s', (reason, isFinal) => {
    expect(findStartTrouble(waiting(reason, 'why'))).toEqual({ words: `${reason} why`, isFinal });
  });

  it('is nothing while the kubelet is at it', () => {
    for (const reason of ['ContainerCreating', 'PodInitializing'])
      expect(findStartTrouble(waiting(reason))).toBeUndefined();
    expect(findStartTrouble({ status: { phase: 'Pending' } })).toBeUndefined();
  });

  it('may be the pod as a whole, which no node takes, or the kubelet refuses', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }];
    expect(findStartTrouble({ status: { conditions } })).toEqual({ words: '0/1 nodes are available', isFinal: false });
    const refused = { reason: 'SysctlForbidden', message: 'forbidden sysctl' };
    expect(findStartTrouble({ status: refused })).toEqual({ words: 'SysctlForbidden forbidden sysctl', isFinal: true });
  });
});
