// A store as the pods of a schedule reach it.

import { UserError } from '../../model/index.ts';
import { parseStorePlace } from '../store/parse-place.ts';

/** Where a run finds the Secret with its credentials. */
export const credentialsFolder = '/var/run/nowwhat/credentials';
/** Key of that Secret with the PEM of an authority of one's own. */
export const authorityKey = 'ca.pem';

export interface StoreInPod {
  /** As the program in the pod is told. */
  readonly place: string;
  /** File here with the authority that the endpoint's certificate is signed by. */
  readonly authorityFile?: string;
  readonly port: number;
  /** A Service of the cluster: behind it pods may listen at any port. */
  readonly isInCluster: boolean;
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'http:' ? 80 : 443;
}

/** Amazon's own where none is named. */
function endpointOf(text: string | undefined): Pick<StoreInPod, 'port' | 'isInCluster'> {
  if (text === undefined || !URL.canParse(text)) return { port: 443, isInCluster: false };
  const url = new URL(text);
  const isInCluster = /^[^.]+$|\.svc(?:\.|$)|^\d+(?:\.\d+){3}$/.test(url.hostname);
  return { port: portOf(url), isInCluster };
}

/** Throws `UserError` for a folder, which is here and not there. */
export function storeInPod(text: string): StoreInPod {
  const place = parseStorePlace(text);
  if (place.kind === 'folder')
    throw new UserError(
      'invalid-option',
      `a schedule runs in the cluster, and ${text} is a folder of this machine`,
      'Name an S3 store that pods reach: s3://BUCKET/PREFIX?endpoint=URL.',
    );
  const { caCertFile, endpoint } = place;
  const way = endpointOf(endpoint);
  if (caCertFile === undefined) return { place: text, ...way };
  const [base = '', query = ''] = text.split(/\?(.*)/s);
  const settings = new URLSearchParams(query);
  settings.delete('ca-cert');
  const rest = settings.size === 0 ? '' : `${decodeURIComponent(settings.toString())}&`;
  return { place: `${base}?${rest}ca-cert=${credentialsFolder}/${authorityKey}`, authorityFile: caCertFile, ...way };
}
