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
    ['ImagePullBackOff', true, true],
    ['ErrImageNeverPull', true, true],
    ['RunContainerError', true, false],
    ['ErrImagePull', false, true],
    ['CreateContainerConfigError', false, false],
  ])('%s is said; more waiting is of no use: %s; it is the image: %s', (reason, isFinal, isOfImage) => {
    expect(findStartTrouble(waiting(reason, 'why'))).toEqual({ words: `${reason} why`, isFinal, isOfImage });
  });

  it('is nothing while the kubelet is at it', () => {
    for (const reason of ['ContainerCreating', 'PodInitializing'])
      expect(findStartTrouble(waiting(reason))).toBeUndefined();
    expect(findStartTrouble({ status: { phase: 'Pending' } })).toBeUndefined();
  });

  it('may be the pod as a whole, which no node takes, or the kubelet refuses', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }];
    expect(findStartTrouble({ status: { conditions } })).toMatchObject({
      words: '0/1 nodes are available',
      isFinal: false,
    });
    const refused = { reason: 'SysctlForbidden', message: 'forbidden sysctl' };
    expect(findStartTrouble({ status: refused })).toMatchObject({
      words: 'SysctlForbidden forbidden sysctl',
      isFinal: true,
    });
  });
});
