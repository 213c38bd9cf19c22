// What proves to the cluster who we are, and how it is had again when it has aged.

/** A client certificate with its key, PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Both may be left out: anonymous. */
export interface Credential {
  /** Bearer token. */
  readonly token?: string;
  readonly certificate?: ClientCertificate;
}

export interface Credentials {
  /** The credential to use now: cached, read or asked for again when it has aged. */
  readonly current: () => Promise<Credential>;
  /** After the cluster refused `used` (401): whether there is another one now, so that one more try is worth it. */
  readonly renew: (used: Credential) => Promise<boolean>;
}

/** A credential that does not change. */
export function fixedCredentials(credential: Credential): Credentials {
  return { current: async () => credential, renew: async () => false };
}
