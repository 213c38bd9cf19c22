// What a kubeconfig says, with paths made absolute: the shapes that reading, merging and choosing share.

import type { JsonObject } from '../../model/index.ts';

/** Bytes given in base64 in the kubeconfig, or a file that holds them. */
export type DataOrFile = { readonly data: string } | { readonly file: string };

export interface ClusterEntry {
  readonly name: string;
  readonly server: string;
  readonly tlsServerName?: string;
  readonly insecure: boolean;
  readonly authority?: DataOrFile;
  readonly proxyUrl?: string;
  readonly disableCompression: boolean;
  /** `extensions` entry `client.authentication.k8s.io/exec`: handed to login programs as it is. */
  readonly loginConfig?: JsonObject;
}

/** Whom to act as; needs the right to `impersonate`. */
export interface Impersonation {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** A program that logs in: `users[].user.exec`. */
export interface LoginProgram {
  readonly apiVersion: 'client.authentication.k8s.io/v1' | 'client.authentication.k8s.io/v1beta1';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
}

export interface UserEntry {
  readonly name: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly certificate?: DataOrFile;
  readonly key?: DataOrFile;
  readonly login?: LoginProgram;
  readonly impersonate?: Impersonation;
  /** Ways to log in that the entry names and that Kubernetes has given up: `basic`, or the name of an auth provider. */
  readonly givenUp?: string;
}

export interface ContextEntry {
  readonly name: string;
  readonly cluster: string;
  /** '' where the context names no user: anonymous. */
  readonly user: string;
  readonly namespace?: string;
}

/** Where a field stands: the file, and the entry in it as `user "alice"`. */
export interface Place {
  readonly file: string;
  readonly folder: string;
  readonly entry: string;
}

/** A cluster or user as it was written: only the chosen one is understood, so that an odd neighbour does no harm. */
export interface RawEntry {
  readonly name: string;
  readonly body: JsonObject;
  readonly place: Place;
}

/** One file, or several merged. */
export interface Kubeconfig {
  /** The files it was read from, first wins. */
  readonly files: readonly string[];
  readonly currentContext?: string;
  readonly clusters: ReadonlyMap<string, RawEntry>;
  readonly users: ReadonlyMap<string, RawEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
}
