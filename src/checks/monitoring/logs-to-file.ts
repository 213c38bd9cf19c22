// Finds containers that seem to log into files.

import { asArray, asObject, asString, type JsonObject, type Path, isJsonObject, valueAt } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

const logVariable = /^(?:[A-Z0-9_]+_)?LOG_?(?:FILE|PATH|DIR)(?:_?NAME)?$/;
const logArgument = /^--?log[-_]?(?:file|dir|path)(?:=(.*))?$/is;
const standard = /^(?:-|\/dev\/(?:std(?:out|err)|fd\/[12])|\/proc\/(?:self|1)\/fd\/[12])$/;

interface Place {
  readonly raw: JsonObject;
  readonly path: Path;
}

function findLogVariable({ raw, path }: Place): Path | undefined {
  const index = asArray(raw['env']).findIndex((item) => {
    const { name, value } = asObject(item);
    const file = asString(value) ?? '';
    return logVariable.test(asString(name) ?? '') && file.startsWith('/') && !standard.test(file);
  });
  return index === -1 ? undefined : [...path, 'env', index];
}

function findLogArgument({ raw, path }: Place): Path | undefined {
  for (const field of ['command', 'args']) {
    const words = asArray(raw[field]).map((item) => asString(item) ?? '');
    const index = words.findIndex((word, at) => {
      const match = logArgument.exec(word);
      const file = match?.[1] ?? words[at + 1] ?? '';
      return match !== null && file !== '' && !standard.test(file);
    });
    if (index !== -1) return [...path, field, index];
  }
  return undefined;
}

export const logsToFile = containerCheck(
  {
    id: 'logs-to-file',
    family: 'monitoring',
    title: 'Programs write their logs to standard output',
    leg: 'monitoring',
    level: 1,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Let the program log to standard output and error.',
    minutes: 20,
  },
  {
    applies: ({ role }) => role === 'container',
    find: (container) => {
      const path = findLogVariable(container) ?? findLogArgument(container);
      if (path === undefined) return undefined;
      return {
        message: `container "${container.name}" is told to log into a file: \`kubectl logs\` and the log collector see nothing, and the file grows`,
        path,
        evidence: `${String(path.at(-2))}[${String(path.at(-1))}] names a log file`,
      };
    },
    fix: ({ raw, path: at }, { path = [] }) => {
      const item = valueAt(raw, path.slice(at.length));
      const words = {
        id: 'standard-output',
        title: 'Log to standard output',
        consequence: 'a program that rotates or reads its own log fails, and one that drops its rights may not open it',
      };
      const output = '/dev/stdout';
      if (isJsonObject(item)) return offer(way(words, [{ op: 'set', path: [...path, 'value'], value: output }]));
      const [, flag, file] = /^([^=]+)(=.*)?$/s.exec(asString(item) ?? '') ?? [];
      if (flag === undefined) return undefined;
      const next = [...path.slice(0, -1), Number(path.at(-1)) + 1];
      const value = file === undefined ? output : `${flag}=${output}`;
      return offer(way(words, [{ op: 'set', path: file === undefined ? next : path, value }]));
    },
  },
);
