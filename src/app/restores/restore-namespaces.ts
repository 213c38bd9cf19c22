// Namespaces that a restore names must be in the backup: a slip of the pen would else bring objects back over the app that runs, or bring back nothing.

import { compileSelection, type Contents } from '../../backup/index.ts';
import { UserError } from '../../model/index.ts';

interface Named {
  readonly includedNamespaces?: readonly string[];
  readonly namespaceMappings: ReadonlyMap<string, string>;
}

function namespacesOf({ entries }: Pick<Contents, 'entries'>): string[] {
  const names = entries.map(({ place: { groupResource, namespace, name } }) =>
    groupResource === 'namespaces' ? name : namespace,
  );
  return [...new Set(names)].filter((name) => name !== '').toSorted();
}

/** Throws `UserError` with the namespaces that there are. */
export function requireNamespaces(backup: string, contents: Pick<Contents, 'entries'>, named: Named): void {
  const found = namespacesOf(contents);
  const isThere = (name: string): boolean => {
    const { takesNamespace } = compileSelection({ includedNamespaces: [name] });
    return name === '*' || found.some(takesNamespace);
  };
  const wanted = [...named.namespaceMappings.keys(), ...(named.includedNamespaces ?? [])];
  const missing = wanted.find((name) => !isThere(name));
  if (missing === undefined) return;
  throw new UserError(
    'invalid-option',
    `the backup "${backup}" holds nothing of the namespace "${missing}"`,
    `It holds ${found.join(', ') || 'objects of the cluster only'}.`,
  );
}
