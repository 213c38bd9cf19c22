// All that is needed to talk to one cluster as one user: what a kubeconfig's context or a pod's own files come to.

import type { Credentials } from './credentials/credentials.ts';
import type { Impersonation } from './kubeconfig/kubeconfig.ts';

/** How the server proves itself. */
export interface Trust {
  /** Certificate authorities to trust, PEM. Left out: the system's. */
  readonly authority?: string;
  /** The name the server's certificate must have, where that is not the host of the address. */
  readonly serverName?: string;
  /** Anything is accepted as the server. */
  readonly insecure: boolean;
}

export interface Connection {
  /** '' in a pod, or where cluster and user were named without a context. */
  readonly context: string;
  /** The file that the user named; absent where it was found as kubectl finds it. */
  readonly kubeconfig?: string;
  readonly cluster: string;
  /** '' for anonymous. */
  readonly user: string;
  readonly namespace: string;
  /** `https://host:port/prefix`, without a slash at the end. */
  readonly server: string;
  readonly trust: Trust;
  /** `http://`, `https://` or `socks5://` proxy. */
  readonly proxy?: string;
  /** False where the kubeconfig asks for answers that are not compressed. */
  readonly compression: boolean;
  readonly credentials: Credentials;
  readonly impersonate?: Impersonation;
  /** What the user should know, as that the server is not verified. */
  readonly warnings: readonly string[];
}
