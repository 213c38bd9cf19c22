// What came back from a door that was knocked at: facts only, judged elsewhere.

/** One question to an address. Read-only: a GET, or one harmless line of another protocol. */
export interface Knock {
  readonly tls: boolean;
  /** Path of a GET; `undefined` for a protocol that is not HTTP. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, in the place of a GET. */
  readonly line?: string;
}

/** The certificate that was shown, whoever signed it: it is not verified. */
export interface SeenTls {
  /** `TLSv1.3`. */
  readonly version: string;
  /** Common name, or the first alternative name. */
  readonly subject: string;
}

export type Answer =
  /** Nothing listens: the connection was refused. */
  | { readonly kind: 'closed'; readonly reason: string }
  /** No answer in time, or no way to the address: a firewall, or nothing there. */
  | { readonly kind: 'silent'; readonly reason: string }
  /** It listens, and ended the talk or the handshake. */
  | { readonly kind: 'hung-up'; readonly reason: string }
  /** It wants a certificate of the caller. */
  | { readonly kind: 'wants-certificate'; readonly tls?: SeenTls }
  | {
      readonly kind: 'http';
      readonly status: number;
      /** Lower case names. */
      readonly headers: Readonly<Record<string, string>>;
      /** The first bytes of it; never shown to anybody. */
      readonly body: string;
      readonly tls?: SeenTls;
    }
  /** It speaks something else. */
  | { readonly kind: 'bytes'; readonly text: string; readonly tls?: SeenTls };
