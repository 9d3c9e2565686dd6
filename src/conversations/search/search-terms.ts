const denseScripts =
  "\\u0E00-\\u0EFF\\u1000-\\u109F\\u1100-\\u11FF\\u1780-\\u17FF\\u3005-\\u3007\\u3040-\\u30FF\\u3130-\\u318F\\u31F0-\\u31FF\\u3400-\\u9FFF\\uAC00-\\uD7AF\\uF900-\\uFAFF\\u{20000}-\\u{3FFFF}";
const denseRun = new RegExp(`[${denseScripts}]+`, "gu");
const isDense = new RegExp(`^[${denseScripts}]+$`, "u");

const quoted = (word: string): string => `'${word.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

const isPair = (word: string): boolean => isDense.test(word) && Array.from(word).length > 1;

/**
 * The tsquery for words as the database folds them: all of them, the last one also as a beginning. Of scripts that write
 * no blanks the words are pairs of characters; a single one stands for every pair that it begins. Null: no word at all.
 */
export const toWordsQuery = (workspaceId: string, folded: string): string | null => {
  const words = folded.split(" ").filter((word) => word !== "");
  if (words.length === 0) return null;
  const hasPair = words.some(isPair);
  const needed = new Set(words.filter((word) => !hasPair || isPair(word) || !isDense.test(word)));
  const last = words.at(-1);
  const terms = [...needed].map((word) =>
    word === last || (isDense.test(word) && !isPair(word)) ? `${quoted(word)}:*` : quoted(word),
  );
  return [quoted(`@${workspaceId}`), ...terms].join(" & ");
};

/** What must stand in a text just so: runs of characters without blanks, whose pairs alone could stand apart. */
export const exactRuns = (query: string): string[] =>
  [...query.normalize("NFKC").matchAll(denseRun)].map(([run]) => run).filter((run) => Array.from(run).length > 2);

/** What a person would see of the query in a text: its words, and whether one must begin where it stands. */
export const shownWords = (query: string): RegExp | null => {
  const words = query.normalize("NFKC").match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  if (words.length === 0) return null;
  const alternatives = words
    .toSorted((left, right) => right.length - left.length)
    .map((word) => (new RegExp(`[${denseScripts}]`, "u").test(word) ? word : `(?<![\\p{L}\\p{N}\\p{M}])${word}`));
  return new RegExp(alternatives.join("|"), "giu");
};
