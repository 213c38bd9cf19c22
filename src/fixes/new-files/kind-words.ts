// How a folder spells kinds in the names of its files: `web-service.yaml`, `web-svc.yaml`, `networkpolicies.yaml`.

type Spelling = 'kebab' | 'joined' | 'pascal' | 'camel' | 'snake' | 'short';

export interface KindStyle {
  readonly spelling: Spelling;
  readonly isPlural: boolean;
}

/** The API server's short names that people put in names of files. */
const shortNames: Readonly<Record<string, string>> = {
  ConfigMap: 'cm',
  CronJob: 'cj',
  DaemonSet: 'ds',
  Deployment: 'deploy',
  HorizontalPodAutoscaler: 'hpa',
  Ingress: 'ing',
  LimitRange: 'limits',
  Namespace: 'ns',
  NetworkPolicy: 'netpol',
  PersistentVolume: 'pv',
  PersistentVolumeClaim: 'pvc',
  PodDisruptionBudget: 'pdb',
  ResourceQuota: 'quota',
  Service: 'svc',
  ServiceAccount: 'sa',
  StatefulSet: 'sts',
};

function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|ch)$/.test(word) ? `${word}es` : `${word}s`;
}

function wordsOf(kind: string): string[] {
  return kind.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).map((word) => word.toLowerCase());
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Short names have no plural: `svc` is what people write for both. */
export function spellKind(kind: string, { spelling, isPlural }: KindStyle): string {
  if (spelling === 'short') return shortNames[kind] ?? spellKind(kind, { spelling: 'kebab', isPlural });
  const words = wordsOf(kind);
  const spelled = isPlural ? [...words.slice(0, -1), pluralOf(words.at(-1) ?? '')] : words;
  switch (spelling) {
    case 'kebab':
      return spelled.join('-');
    case 'snake':
      return spelled.join('_');
    case 'joined':
      return spelled.join('');
    case 'pascal':
      return spelled.map(capital).join('');
    case 'camel':
      return spelled.map((word, index) => (index === 0 ? word : capital(word))).join('');
  }
}

const spellings: readonly Spelling[] = ['kebab', 'joined', 'snake', 'camel', 'pascal', 'short'];
const styles: readonly KindStyle[] = spellings.flatMap((spelling) => [
  { spelling, isPlural: false },
  { spelling, isPlural: true },
]);

/** The first style in which the word means the kind; a kind of one word leaves open how two are joined. */
export function styleOf(word: string, kind: string): KindStyle | undefined {
  return styles.find((style) => spellKind(kind, style) === word);
}

/** True where the kind's name tells how words are joined. */
export function tellsSpelling(kind: string, { spelling }: KindStyle): boolean {
  return wordsOf(kind).length > 1 || spelling === 'short' || spelling === 'pascal';
}
