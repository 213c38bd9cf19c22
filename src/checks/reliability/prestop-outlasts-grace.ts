// Finds preStop waits that use up the grace period.

import { asArray, asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import { containerCheck } from '../check.ts';

const defaultGrace = 30;

/** Seconds of a preStop wait: the `sleep` action, or a plain sleep command. */
function preStopSeconds(container: JsonObject): number | undefined {
  const preStop = asObject(asObject(container['lifecycle'])['preStop']);
  const action = asNumber(asObject(preStop['sleep'])['seconds']);
  if (action !== undefined) return action;
  const command = asArray(asObject(preStop['exec'])['command'])
    .map((part) => asString(part) ?? '')
    .join(' ');
  const seconds = /(?:^|\s|\/)sleep\s+([0-9]+)\s*$/.exec(command)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

export const prestopOutlastsGrace = containerCheck(
  {
    id: 'prestop-outlasts-grace',
    family: 'reliability',
    title: 'A preStop wait fits into the grace period',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Raise terminationGracePeriodSeconds above the wait, plus the time the program needs.',
    minutes: 5,
  },
  {
    applies: ({ raw }) => preStopSeconds(raw) !== undefined,
    find: ({ name, raw, path }, { spec }) => {
      const wait = preStopSeconds(raw) ?? 0;
      const grace = asNumber(spec['terminationGracePeriodSeconds']) ?? defaultGrace;
      if (wait < grace) return undefined;
      return {
        message: `container "${name}" waits ${wait} seconds in preStop and is killed after ${grace}: its program never gets to stop cleanly`,
        path: [...path, 'lifecycle', 'preStop'],
        evidence: `terminationGracePeriodSeconds is ${grace}`,
      };
    },
    fix: ({ raw }, _diagnostic, { specPath }) => [
      // After the wait the program gets the time that Kubernetes gives by default.
      {
        op: 'set',
        path: [...specPath, 'terminationGracePeriodSeconds'],
        value: (preStopSeconds(raw) ?? 0) + defaultGrace,
      },
    ],
  },
);
