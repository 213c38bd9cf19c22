// Finds volumes that have the kubelet run git on the node.

import { asArray, asObject, toText } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';

export const gitRepoVolume = workloadCheck(
  compromiseMeta({
    id: 'git-repo-volume',
    title: 'No volume has the node run git',
    severity: 'high',
    references: [{ framework: 'MITRE', id: 'T1611' }],
    remediation: 'Clone in an init container into an emptyDir, or put the files into the image.',
    minutes: 30,
  }),
  {
    find: ({ spec, specPath }, { options }) =>
      asArray(spec['volumes']).flatMap((item, index) => {
        const { name, gitRepo } = asObject(item);
        if ((gitRepo ?? undefined) === undefined) return [];
        const consequence =
          options.minor >= 33
            ? 'nodes no longer mount it, so the pod does not start'
            : 'the node runs git as root on files that somebody else writes';
        return {
          message: `volume "${toText(name)}" is a gitRepo: ${consequence}`,
          path: [...specPath, 'volumes', index, 'gitRepo'],
          evidence: 'gitRepo is deprecated since Kubernetes 1.11, off by default since 1.33 (CVE-2024-10220)',
        };
      }),
  },
);
