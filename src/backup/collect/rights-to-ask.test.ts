import { describe, expect, it } from 'vitest';
import type { CollectProblem } from './gap.ts';
import { rightsToAsk } from './rights-to-ask.ts';

function refused(resource: string, group: string, namespace?: string, verb = 'list'): CollectProblem {
  const place = namespace === undefined ? {} : { namespace };
  const missingRule = { verbs: [verb], apiGroups: [group], resources: [resource], ...place };
  return { severity: 'error', namespace: namespace ?? '', message: 'refused', missingRule };
}

describe('rights to ask for', () => {
  it('stand together by namespace and verb, each kind once', () => {
    const problems = [
      refused('pods', '', 'shop'),
      refused('deployments', 'apps', 'shop'),
      refused('pods', '', 'shop'),
      refused('pods', '', 'other'),
      refused('nodes', '', undefined, 'get'),
    ];
    expect(rightsToAsk(problems)).toEqual([
      { namespace: '', verb: 'get', resources: ['nodes'] },
      { namespace: 'other', verb: 'list', resources: ['pods'] },
      { namespace: 'shop', verb: 'list', resources: ['deployments.apps', 'pods'] },
    ]);
  });

  it('are none where no right would have helped', () => {
    const broken: CollectProblem = { severity: 'error', namespace: 'shop', message: 'it is down', notListed: 'pods' };
    const path = { verbs: ['get'], nonResourceURLs: ['/version'] };
    expect(rightsToAsk([broken, { ...broken, missingRule: path }])).toEqual([]);
  });
});
