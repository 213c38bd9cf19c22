// What the git generator says of the path of a folder or a file. Source: argo-cd.readthedocs.io, Git Generator.

import { sanitizeName } from '../../../kube/go-templates/index.ts';
import type { JsonObject } from '../../../model/index.ts';
import type { Parameters } from './fill.ts';

interface PathWish {
  readonly usesGo: boolean;
  /** `pathParamPrefix`; '' where there is none. */
  readonly prefix: string;
  /** Of a file in the folder. */
  readonly filename?: string;
}

/** `path`: of the folder, from the root of the repository. */
export function pathParameters(path: string, { usesGo, prefix, filename }: PathWish): Parameters {
  const segments = path.split('/');
  const basename = segments.at(-1) ?? '';
  const own: JsonObject = {
    basename,
    basenameNormalized: sanitizeName(basename),
    ...(filename === undefined ? {} : { filename, filenameNormalized: sanitizeName(filename) }),
  };
  if (usesGo) {
    const said = { path: { path, ...own, segments } };
    return prefix === '' ? said : { [prefix]: said };
  }
  const name = prefix === '' ? 'path' : `${prefix}.path`;
  return {
    [name]: path,
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`${name}.${key}`, value ?? ''])),
    ...Object.fromEntries(segments.map((segment, index) => [`${name}[${index}]`, segment])),
  };
}
