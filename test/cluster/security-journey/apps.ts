// Apps as their projects publish them, what their developers decide, and who calls whom by what each app's files and sources say.

/** Names of Services with their ports, by the workload that calls them. */
export type Calls = Readonly<Record<string, readonly string[]>>;

export interface JourneyApp {
  readonly name: string;
  /** Below the folder of published apps. */
  readonly path: string;
  /** Answers of the developers, as `nowwhat.yaml` takes them, one a line: what the program asks and does not invent. */
  readonly choices: readonly string[];
  /** Workloads that strangers reach, and that no sandbox holds. */
  readonly exposed: readonly string[];
  /** Secrets that the app reads and no file holds: names with their keys. Who deploys makes them. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  /** Declared by the files: these must go on working. */
  readonly calls: Calls;
  /** What only the program knows: it is seen where the app runs before it is closed. */
  readonly undeclared: Calls;
  /** Services that strangers may reach, by what the files say. */
  readonly entrances: readonly string[];
  /** Long-running ones. */
  readonly workloads: number;
  /** The whole file of decisions, where it is not made of `choices` and `exposed`. */
  readonly decisions?: string;
  /** What comes before, on the copy of the app. */
  readonly prepare?: (app: string, decisions: string) => void;
  /** Values of keys that a program reads an address from. */
  readonly values?: Readonly<Record<string, string>>;
  /** Of certificates that an entrance reads: not needed to run. */
  readonly certificates?: readonly string[];
  /** Workloads that have rights at the API server. */
  readonly clients: readonly string[];
  /** The page shows its way word for word. */
  readonly transcript?: true;
}

const hardened = [
  '{check: run-as-non-root, take: name-user, value: 10001}',
  '{check: rootfs-writable, take: keep-folders}',
  '{check: capabilities-not-dropped, take: drop-all}',
  '{check: privileged-port, take: open-low-ports}',
];

export const publishedApps: readonly JourneyApp[] = [
  {
    name: 'Online Boutique',
    path: 'online-boutique/kubernetes-manifests.yaml',
    choices: [
      '{check: uid-gid-low, take: name-number, value: 10001}',
      '{check: load-balancer-open, take: cluster-only}',
    ],
    exposed: [],
    secrets: {},
    calls: {
      frontend: [
        'adservice:9555',
        'cartservice:7070',
        'checkoutservice:5050',
        'currencyservice:7000',
        'productcatalogservice:3550',
        'recommendationservice:8080',
        'shippingservice:50051',
      ],
      cartservice: ['redis-cart:6379'],
      checkoutservice: [
        'cartservice:7070',
        'currencyservice:7000',
        'emailservice:5000',
        'paymentservice:50051',
        'productcatalogservice:3550',
        'shippingservice:50051',
      ],
      loadgenerator: ['frontend:80'],
      recommendationservice: ['productcatalogservice:3550'],
    },
    undeclared: {},
    clients: [],
    entrances: [],
    workloads: 12,
  },
  {
    name: 'guestbook',
    path: 'guestbook/all-in-one/guestbook-all-in-one.yaml',
    choices: hardened,
    exposed: ['frontend'],
    secrets: {},
    calls: {},
    undeclared: { frontend: ['redis-master:6379', 'redis-replica:6379'], 'redis-replica': ['redis-master:6379'] },
    clients: [],
    entrances: ['frontend:80'],
    workloads: 3,
  },
  {
    name: 'the voting app',
    path: 'voting-app',
    choices: [
      ...hardened,
      '{check: secret-in-env, take: refer-to-secret, value: db}',
      '{check: secret-as-env, take: mount-files}',
    ],
    exposed: ['result', 'vote'],
    secrets: { db: ['POSTGRES_PASSWORD'] },
    calls: {},
    undeclared: { vote: ['redis:6379'], worker: ['redis:6379', 'db:5432'], result: ['db:5432'] },
    clients: [],
    entrances: ['result:8081', 'vote:8080'],
    workloads: 5,
  },
  {
    name: 'WordPress with MySQL',
    path: 'wordpress-mysql',
    choices: [
      ...hardened,
      '{check: secret-as-env, take: mount-files}',
      '{check: load-balancer-open, take: name-callers, value: 203.0.113.0/24}',
    ],
    exposed: ['wordpress'],
    secrets: { 'mysql-pass': ['password'] },
    calls: { wordpress: ['wordpress-mysql:3306'] },
    undeclared: {},
    clients: [],
    entrances: ['wordpress:80'],
    workloads: 2,
  },
];

/** The file of decisions for `--config`. */
export function renderDecisions({ choices, exposed }: JourneyApp): string {
  const exceptions = exposed.map(
    (name) =>
      `  - {check: sandbox-missing, subject: "Deployment/*/${name}", owner: team@example.com, reason: no RuntimeClass yet, until: "2099-12-31"}`,
  );
  return [
    'choices:',
    ...choices.map((each) => `  - ${each}`),
    ...(exceptions.length === 0 ? [] : ['exceptions:', ...exceptions]),
    '',
  ].join('\n');
}
