// Finds volumes that mount a place of the node which leads to the rest of it.

import type { Workload } from '../../inventory/index.ts';
import { asString, type Edit, type Path, valueAt } from '../../model/index.ts';
import { type Question, workloadCheck } from '../check.ts';
import { asking, offer, removeWhole, way } from '../fix.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { hostPathMounts, type HostPathVolume, hostPathVolumes, isSensitive } from './host-paths.ts';

function mountsOf(workload: Workload, { name }: HostPathVolume): Path[] {
  return hostPathMounts(workload)
    .filter(({ volume }) => volume.name === name)
    .map(({ at }) => at);
}

/** Mounts from the last to the first, so that those before keep their places. */
function removeVolume(workload: Workload, volume: HostPathVolume): Edit[] {
  const { raw } = workload.object;
  const mounts = mountsOf(workload, volume).toReversed();
  return [
    ...mounts.map((path): Edit => removeWhole(raw, path, path.slice(0, -2))),
    removeWhole(raw, volume.at.slice(0, -2), workload.specPath),
  ];
}

function pathBelow({ hostPath }: HostPathVolume): Question {
  return {
    what: `path below ${hostPath}`,
    example: `${hostPath.replace(/\/$/, '')}/pods`,
    problem: (answer) => {
      if (!/^(?:\/[^/:\s]+)+$/.test(answer)) return 'is no path of a folder';
      if (!answer.startsWith(hostPath === '/' ? '/' : `${hostPath.replace(/\/$/, '')}/`))
        return `is not below ${hostPath}`;
      return isSensitive(answer) ? 'is a sensitive path of the node as well' : undefined;
    },
  };
}

function narrowTo(path: string, workload: Workload, volume: HostPathVolume): Edit[] {
  const mounts = mountsOf(workload, volume);
  return [
    { op: 'set', path: volume.at, value: path },
    ...mounts.flatMap((at): Edit[] => {
      const mountPath = asString(valueAt(workload.object.raw, [...at, 'mountPath'])) ?? '';
      const inside = mountPath === volume.hostPath ? path : mountPath;
      return [
        { op: 'set', path: [...at, 'mountPath'], value: inside },
        { op: 'set', path: [...at, 'readOnly'], value: true },
      ];
    }),
  ];
}

export const hostPathSensitive = workloadCheck(
  compromiseMeta({
    id: 'host-path-sensitive',
    title: 'Pods mount no sensitive path of the node',
    severity: 'critical',
    references: [
      { framework: 'CIS', id: '5.2.11' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    remediation: 'Remove the volume, or mount the one file that is needed, read-only.',
    minutes: 30,
  }),
  {
    find: (workload) =>
      hostPathVolumes(workload).flatMap(({ name, hostPath, at, sensitive }) => {
        if (sensitive === undefined) return [];
        return {
          message: `volume "${name}" mounts "${hostPath}" of the node: ${sensitive.consequence}`,
          path: at,
          evidence: `hostPath.path is ${hostPath}`,
          severity: sensitive.severity,
        };
      }),
    fix: (workload, { path = [] }) => {
      const volume = hostPathVolumes(workload).find(({ at }) => at.join('/') === path.join('/'));
      if (volume === undefined) return undefined;
      return offer(
        way(
          {
            id: 'remove-volume',
            title: `Take the volume "${volume.name}" away`,
            consequence: 'what the program reads or writes there is not found any more',
          },
          removeVolume(workload, volume),
        ),
        isSensitive(pathBelow(volume).example)
          ? undefined
          : asking(
              {
                id: 'name-path',
                leavesOpen: ['host-path', 'host-path-not-captured'],
                title: 'Mount only a path below that is needed, read-only',
                consequence:
                  'the program finds nothing else of the node there; the Pod Security level "restricted" refuses paths of the node all the same',
              },
              pathBelow(volume),
              (answer) => narrowTo(answer, workload, volume),
            ),
      );
    },
  },
);
