// Starts a playground: store, API and controllers behind one address on loopback.

import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { loadSchemas } from '../kube/schema/index.ts';
import { type JsonObject, toText } from '../model/index.ts';
import { defaultRoles } from './access/default-roles.ts';
import { type PlaygroundUser, Tokens } from './access/users.ts';
import { type PlaygroundClock, realClock } from './clock.ts';
import { Actor } from './controllers/actor.ts';
import { allControllers } from './controllers/index.ts';
import { OwnerIndex } from './controllers/owner-index.ts';
import { WorkLoop } from './controllers/work-loop.ts';
import { serveExec } from './exec/exec-server.ts';
import type { Scripts } from './exec/scripts.ts';
import { type Fault, Faults } from './faults.ts';
import { createPlaygroundServer } from './http/server.ts';
import type { Kernel } from './kernel.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import { Registry } from './resources/registry.ts';
import { nameOf } from './objects/edit.ts';
import { defaultNode, defaultObjects, flattenLists, seedObjects } from './seed.ts';
import { Store } from './store/store.ts';

export interface PlaygroundOptions {
  /** Objects that are there from the start; Lists are taken apart, namespaces that are missing are made. */
  readonly seed?: readonly JsonObject[];
  /** 1.N as N; 34 unless told. */
  readonly kubernetesMinor?: number;
  /** Besides `admin`, who may do everything. */
  readonly users?: readonly PlaygroundUser[];
  readonly faults?: readonly Fault[];
  readonly scripts?: Scripts;
  readonly clock?: PlaygroundClock;
  /** No page is longer than this, whatever limit is asked for; 0: no such limit. */
  readonly pageLimit?: number;
  /** Changes that lists and watches can go back to; 20,000 unless told. */
  readonly historyLimit?: number;
  /** Between the bookmarks of a watch; 60 unless told. */
  readonly bookmarkSeconds?: number;
  /** False: nothing happens by itself, no pod becomes ready. */
  readonly controllers?: boolean;
}

export interface Playground {
  readonly url: string;
  /** Bearer tokens by user name. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly faults: Faults;
  readonly store: Store;
  /** A kubeconfig with a context for each user, `admin`'s the current one unless told. */
  readonly kubeconfig: (user?: string) => string;
  /** Adds objects, past access control. */
  readonly seed: (objects: readonly JsonObject[]) => void;
  /** Resolves when no controller has anything to do. Throws what one of them failed with. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

function newSuffix(): string {
  return [...randomBytes(5)].map((byte) => suffixLetters.charAt(byte % suffixLetters.length)).join('');
}

async function createKernel({
  kubernetesMinor = 34,
  clock = realClock,
  historyLimit = 20_000,
}: PlaygroundOptions): Promise<Kernel> {
  const schemas = await loadSchemas();
  const store = new Store(historyLimit);
  const registry = new Registry(schemas, kubernetesMinor, store);
  const types = schemas.typesAt(kubernetesMinor);
  return { store, registry, schemas, types, minor: kubernetesMinor, clock, newUid: randomUUID, newSuffix };
}

function giveTokens(tokens: Tokens, users: readonly PlaygroundUser[]): Record<string, string> {
  const given: Record<string, string> = {};
  for (const user of users) {
    const token = user.token ?? randomBytes(16).toString('hex');
    tokens.addUser(token, user);
    given[user.name] = token;
  }
  return given;
}

const admin: PlaygroundUser = { name: 'admin', groups: ['system:masters'] };

/** What every cluster has; of nodes, storage classes and namespaces the caller's own stand in the place of ours. */
function commonObjects(minor: number, seed: readonly JsonObject[]): JsonObject[] {
  const kinds = new Set(seed.map(({ kind }) => kind));
  const names = new Set(seed.map((each) => `${toText(each['kind'])} ${nameOf(each)}`));
  return [...defaultObjects, defaultNode(minor)].filter((each) =>
    each['kind'] === 'Namespace'
      ? !names.has(`Namespace ${nameOf(each)}`)
      : !kinds.has(each['kind']) || each['kind'] === 'Service',
  );
}

function seedAll(kernel: Kernel, seed: readonly JsonObject[]): void {
  const given = flattenLists(seed);
  seedObjects(kernel, [...defaultRoles, ...commonObjects(kernel.minor, given), ...given]);
  // The first versions are the past of this cluster: nobody has lists or watches to continue from there.
  kernel.store.forgetHistory();
}

/** An in-memory Kubernetes API on 127.0.0.1, at a free port. */
export async function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const { users = [], scripts = {}, seed = [], pageLimit = 0, bookmarkSeconds = 60 } = options;
  const kernel = await createKernel(options);
  const actor = new Actor(kernel, new OwnerIndex(kernel.store));
  const loop = new WorkLoop(actor, options.controllers === false ? [] : allControllers());
  const tokens = new Tokens();
  const given = giveTokens(tokens, [admin, ...users]);
  const faults = new Faults(options.faults);
  const parts = { kernel, tokens, scripts, limits: { pageLimit }, bookmarkSeconds };
  seedAll(kernel, seed);
  const settled = async (): Promise<void> => {
    await loop.settled();
    const [failure] = loop.failures.splice(0);
    if (failure !== undefined) throw failure;
  };
  const server = createPlaygroundServer(parts, faults);
  const exec = serveExec(server, parts, faults);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    tokens: given,
    faults,
    store: kernel.store,
    kubeconfig: (user = admin.name) => renderKubeconfig(url, given, user),
    seed: (objects) => seedObjects(kernel, objects),
    settled,
    close: async () => {
      loop.close();
      exec.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
