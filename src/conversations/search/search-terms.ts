import { fold, isDense, pairsOf, runsOf, scopeOf, storedWord } from "./words.ts";

const mostPairs = 32;
const mostShown = 16;

interface Term {
  readonly word: string;
  /** It may go on after what was typed. */
  readonly isBeginning: boolean;
}

/** What a query asks of the index, as tsqueries; and of the texts that it finds. */
export interface QueryTerms {
  /** The marks of what the caller may see: one's own, the workspace's. */
  readonly scopes: readonly [string, string];
  readonly all: string;
  /** The same without beginnings; null when nothing else is asked, or nothing is a beginning. */
  readonly whole: string | null;
  /** What must stand in a folded text just so: runs whose pairs alone could stand apart. */
  readonly exact: readonly string[];
}

const quoted = (word: string): string => `'${word.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

const termsOf = (runs: readonly string[]): Term[] => {
  const terms = runs.flatMap((run, index): Term[] => {
    if (!isDense(run)) return [{ word: storedWord(run), isBeginning: index === runs.length - 1 }];
    // as many as tell it from others: the text must hold the run itself
    const pairs = pairsOf(run).slice(0, mostPairs);
    return pairs.length === 0
      ? [{ word: run, isBeginning: true }]
      : pairs.map((word) => ({ word, isBeginning: false }));
  });
  return [...new Map(terms.map((term) => [`${term.word}\n${term.isBeginning}`, term])).values()];
};

const toQuery = (terms: readonly Term[], scopes: readonly string[]): string =>
  scopes
    .map((scope) =>
      terms.map(({ word, isBeginning }) => `${quoted(scope + word)}${isBeginning ? ":*" : ""}`).join(" & "),
    )
    .map((query) => `(${query})`)
    .join(" | ");

/**
 * What a query means to somebody: all its words, the last one also as a beginning. Of scripts that write no blanks the
 * words are pairs of characters; a single one stands for every pair that it begins. Null: no word at all.
 */
export const toQueryTerms = (
  { workspaceId, userId }: { readonly workspaceId: string; readonly userId: string },
  query: string,
): QueryTerms | null => {
  const runs = runsOf(fold(query));
  if (runs.length === 0) return null;
  const scopes = [scopeOf(workspaceId, userId), scopeOf(workspaceId, null)] as const;
  const terms = termsOf(runs);
  const whole = terms.filter(({ isBeginning }) => !isBeginning);
  return {
    scopes,
    all: toQuery(terms, scopes),
    whole: whole.length === 0 || whole.length === terms.length ? null : toQuery(whole, scopes),
    exact: runs.filter((run) => isDense(run) && Array.from(run).length > 2),
  };
};

/** What a person would see of the query in a text: its words, and whether one must begin where it stands. */
export const shownWords = (query: string): RegExp | null => {
  const words = [...new Set(runsOf(query.normalize("NFKC")))];
  if (words.length === 0) return null;
  const alternatives = words
    .toSorted((left, right) => right.length - left.length)
    .slice(0, mostShown)
    .map((word) => (/^[\p{L}\p{N}\p{M}]/u.test(word) && !isDense(word) ? `(?<![\\p{L}\\p{N}\\p{M}])${word}` : word));
  return new RegExp(alternatives.join("|"), "giu");
};
