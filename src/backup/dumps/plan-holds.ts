// Databases whose files are to keep still while they are copied, as hooks: begun before a pod is saved, ended after.

import { UserError } from '../../model/index.ts';
import type { BackupLook } from '../collect/visit-objects.ts';
import type { HookCommandSpec, HookSpec } from '../hooks/hook-spec.ts';
import { databasesOf, findNamed, type NamedDatabase } from './find-named.ts';
import type { Hold } from './holds.ts';

export interface HoldWish {
  /** `auto`, or names of pods and workloads. */
  readonly texts: readonly string[];
  /** Seconds after which a database goes on by itself. */
  readonly seconds: number;
}

/** Milliseconds that a database may take to come to rest, and to go on. */
const patience = 90_000;

function toHook({ target, wanted }: NamedDatabase, { begin, end, note }: Hold, seconds: number): HookSpec {
  const { recipe, container } = target;
  const hook = (script: string, purpose: string): HookCommandSpec[] => [
    { container, command: ['sh', '-c', script, 'sh', String(seconds)], purpose, onError: 'Fail', timeout: patience },
  ];
  return {
    name: `hold ${recipe.name}`,
    takes: (_namespace, _labels, pod) =>
      databasesOf(pod, wanted).some((each) => each.recipe === recipe && each.container === container),
    pre: hook(begin, `holds ${recipe.title} for ${seconds} s at most: ${note}`),
    post: hook(end, 'lets it go on, and tells whether it was held until now'),
  };
}

/**
 * Of `auto`, those that a command can hold. Throws `UserError` for a name that nothing has, or of a database that no command holds: PostgreSQL and MySQL write
 * their files also where nobody writes to them.
 */
export async function planHolds(look: BackupLook, { texts, seconds }: HoldWish): Promise<readonly HookSpec[]> {
  const specs = new Map<string, HookSpec>();
  for (const database of await findNamed(look, texts)) {
    const { target, wanted } = database;
    const { hold, name, title } = target.recipe;
    if (hold !== undefined) specs.set(`${wanted.text} ${name} ${target.container}`, toHook(database, hold, seconds));
    else if (wanted.name !== undefined)
      throw new UserError(
        'invalid-option',
        `no command keeps the files of ${title} as they are: "${wanted.text}" cannot be held`,
        `Save what is in it with --dump ${wanted.text}, or stop it while its volume is saved.`,
      );
  }
  return [...specs.values()];
}
