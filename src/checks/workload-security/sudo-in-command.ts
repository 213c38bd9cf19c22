// Finds commands that use sudo.

import { asArray, asString } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';

const asCommand = /(?:^|[\s;&|(])(?:\/usr\/bin\/)?sudo(?=\s|$)/;

export const sudoInCommand = containerCheck(
  compromiseMeta({
    id: 'sudo-in-command',
    title: 'Commands of containers do without sudo',
    severity: 'low',
    references: [],
    remediation: 'Do what needs root while the image is built, and start the program as its own user.',
    minutes: 20,
  }),
  {
    find: ({ name, raw, path }) =>
      (['command', 'args'] as const).flatMap((field) =>
        asArray(raw[field]).flatMap((item, index) => {
          if (!asCommand.test(asString(item) ?? '')) return [];
          return {
            message: `container "${name}" starts with sudo: its image lets an ordinary user become root`,
            path: [...path, field, index],
            evidence: `${field}[${index}] calls sudo`,
          };
        }),
      ),
  },
);
