// What the levels of the four legs are called.

import type { Leg, Level } from '../model/index.ts';

export const legTitles: Readonly<Record<Leg, string>> = {
  security: 'Security',
  deployment: 'Deployment',
  monitoring: 'Monitoring',
  backups: 'Backups',
};

export const levelNames: Readonly<Record<Leg, Readonly<Record<Level, string>>>> = {
  security: {
    1: 'Set up a cluster',
    2: 'Follow security hygiene',
    3: 'Prevent known attacks',
    4: 'Limit a compromise',
  },
  deployment: { 1: 'Leave the laptop', 2: 'Packaged', 3: 'Survives change', 4: 'Progressive' },
  monitoring: { 1: 'Seen', 2: 'Alerted', 3: 'Objectives', 4: 'Used' },
  backups: { 1: 'Captured', 2: 'Scheduled', 3: 'Proven', 4: 'Portable' },
};
