// Which of several environments is nearest to production, judging by the names of folders.

const ranks: readonly (readonly [number, RegExp])[] = [
  [0, /^(?:prod|production|prd|live)$/],
  [1, /(?:^|[-_.])(?:prod|production|prd|live)(?:$|[-_.\d])/],
  [2, /(?:^|[-_.])(?:preprod|pre-prod|staging|stage|stg|uat)(?:$|[-_.\d])/],
  [4, /(?:^|[-_.])(?:test|testing|qa|ci|e2e|preview|sandbox)(?:$|[-_.\d])/],
  [5, /(?:^|[-_.])(?:dev|devel|development|local|minikube|kind|k3d|k3s)(?:$|[-_.\d])/],
];

/** A folder that says nothing. */
const unnamed = 3;

function rankOf(segment: string): number {
  // `pre-prod` is no production: the names of stages before it are looked at first.
  const staging = ranks[2]?.[1].test(segment) === true;
  if (staging) return 2;
  return ranks.find(([, pattern]) => pattern.test(segment))?.[0] ?? unnamed;
}

/** 0 for production, then 1 … 5 further away from it. The last folder that says something decides. */
export function environmentRank(folder: string): number {
  for (const segment of folder.toLowerCase().split('/').reverse()) {
    const rank = rankOf(segment);
    if (rank !== unnamed) return rank;
  }
  return unnamed;
}
