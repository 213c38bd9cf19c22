// The one text that a ConfigMap of Velero's holds: rules that a user keeps in the cluster.

import { type ApiClient, getObject, isApiError } from '../../api/index.ts';
import { asObject, asString, UserError } from '../../model/index.ts';

export const veleroNamespace = 'velero';

export const configMaps = {
  group: '',
  version: 'v1',
  resource: 'configmaps',
  kind: 'ConfigMap',
  singular: 'configmap',
  namespaced: true,
  verbs: ['get', 'list'],
  shortNames: [],
  categories: [],
  subresources: [],
} as const;

/** What is read, and the option that reads it from a file. */
export interface ConfigMapUse {
  /** `Resource modifiers`. */
  readonly what: string;
  /** `--resource-modifiers`. */
  readonly fileOption: string;
}

/** `place` is a name beside Velero, or `NAMESPACE/NAME`. Throws `UserError`. */
export async function readConfigMapText(client: ApiClient, place: string, use: ConfigMapUse): Promise<string> {
  const [name = '', namespace = veleroNamespace] = place.split('/').toReversed();
  const found = await getObject(client, configMaps, { namespace, name }).catch((error: unknown) => {
    if (!isApiError(error, 404)) throw error;
    throw new UserError(
      'invalid-option',
      `there is no ConfigMap "${name}" in the namespace "${namespace}"`,
      `Name one as NAMESPACE/NAME, or give the rules as a file: ${use.fileOption}.`,
    );
  });
  const [text, ...others] = Object.values(asObject(found['data'])).map((each) => asString(each) ?? '');
  if (text !== undefined && others.length === 0) return text;
  const what = `the ConfigMap "${namespace}/${name}" has ${others.length + (text === undefined ? 0 : 1)} keys`;
  throw new UserError('invalid-option', what, `${use.what} are the one key of their ConfigMap.`);
}
