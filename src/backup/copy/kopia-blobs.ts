// The keys of a kopia repository, and what may be done with each: pure. Source: kopia 0.16 to 0.22, repo/content, internal/epoch and repo/format.

/** What refers to what: a reader must find the second when it has found the first. */
const ranks = ['content', 'index', 'setting', 'repository'] as const;

type Rank = (typeof ranks)[number];

/** The one without which there is no repository. */
export const repositoryBlob = 'kopia.repository';

/** Ours, beside kopia's: which keys a copy has put there. kopia knows its own by their first letters, and leaves this one alone. */
export const copiedPrefix = '_nowwhat-copied-';

/** Prefixes of what says where contents are. */
export const indexPrefixes = ['x', 'n', 'm', 'l'] as const;

/** Logs, and marks of those who are writing now. */
function isPassing(blob: string): boolean {
  return blob.startsWith('_') || /^s[0-9a-f]/.test(blob);
}

function rankOf(blob: string): Rank {
  if (blob === repositoryBlob) return 'repository';
  if (blob.startsWith('kopia.')) return 'setting';
  return indexPrefixes.some((prefix) => blob.startsWith(prefix)) ? 'index' : 'content';
}

/** Settings are written again and again; all else is written once, under a name of its own. */
export function isChanging(blob: string): boolean {
  const rank = rankOf(blob);
  return rank === 'setting' || rank === 'repository';
}

export function isIndex(blob: string): boolean {
  return rankOf(blob) === 'index';
}

export function isCopied(blob: string): boolean {
  return !isPassing(blob);
}

/** In the order in which a repository can be copied: whoever reads it meanwhile finds all that an index names. */
export function byRank(a: string, b: string): number {
  return ranks.indexOf(rankOf(a)) - ranks.indexOf(rankOf(b));
}

/** What tells one repository from another, as its first key has it in plain sight; `undefined` where that is none. */
export function parseRepositoryId(content: Uint8Array): string | undefined {
  try {
    const { uniqueID } = JSON.parse(new TextDecoder().decode(content)) as { uniqueID?: unknown };
    return typeof uniqueID === 'string' && uniqueID !== '' ? uniqueID : undefined;
  } catch {
    return undefined;
  }
}
