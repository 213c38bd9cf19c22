// Finds containers that seem to log into files.

import { asArray, asObject, asString, type JsonObject, type Path } from '../../model/index.ts';
import { containerCheck } from '../check.ts';

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
  },
);
