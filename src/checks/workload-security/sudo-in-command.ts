// Finds commands that use sudo.

import { asArray, asString, valueAt } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { offer, way } from '../fix.ts';

const asCommand = /(?:^|[\s;&|(])(?:\/usr\/bin\/)?sudo(?=\s|$)/;

/** `sudo` with the options that take no value. */
const sudoAndOptions = /(^|[\s;&|(])(?:\/usr\/bin\/)?sudo(?:\s+-[EHnS]+)*(?:\s+|$)/g;

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
    fix: ({ raw, path: at }, { path = [] }) => {
      const text = asString(valueAt(raw, path.slice(at.length))) ?? '';
      const without = text.replaceAll(sudoAndOptions, '$1');
      return offer(
        way(
          {
            id: 'without-sudo',
            title: 'Start the command without sudo',
            consequence: 'what it did as root is refused, unless the container runs as root anyway',
          },
          without === '' ? [{ op: 'remove', path }] : [{ op: 'set', path, value: without }],
        ),
      );
    },
  },
);
