import { createHash } from "node:crypto";
import { longestText } from "../../store/search/search-rows.ts";

const denseScripts =
  "\\u0E00-\\u0EFF\\u1000-\\u109F\\u1100-\\u11FF\\u1780-\\u17FF\\u3005-\\u3007\\u3040-\\u30FF\\u3130-\\u318F\\u31F0-\\u31FF\\u3400-\\u9FFF\\uAC00-\\uD7AF\\uF900-\\uFAFF\\u{20000}-\\u{3FFFF}";
const runs = new RegExp(
  `[${denseScripts}]+|[[\\p{L}\\p{N}\\p{M}]--[${denseScripts}]]+|\\p{Extended_Pictographic}`,
  "gv",
);
const beginsDense = new RegExp(`^[${denseScripts}]`, "u");

const mostWords = 20_000;
const longestWord = 64;

/** A text as it is compared: small letters, and one way to write what can be written in several. */
export const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

/** Whether a run of `runsOf` is of a script that writes no blanks between words. */
export const isDense = (run: string): boolean => beginsDense.test(run);

/** A folded text's words, emoji, and runs of characters without blanks between them. */
export const runsOf = (folded: string): readonly string[] => folded.match(runs) ?? [];

/** A word of `runsOf` as it is stored. */
export const storedWord = (run: string): string =>
  run.length > longestWord ? run.slice(0, longestWord).replace(/[\uD800-\uDBFF]$/, "") : run;

/** Every two characters that stand together. */
export const pairsOf = (run: string): string[] => {
  const characters = Array.from(run);
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
};

/** The words that a text is found by: of its first 100,000 characters, at most 20,000. */
export const wordsOf = (text: string): string[] => {
  const words = new Set<string>();
  for (const run of runsOf(fold(text.slice(0, longestText)))) {
    if (words.size >= mostWords) break;
    if (!isDense(run)) {
      words.add(storedWord(run));
      continue;
    }
    for (const pair of pairsOf(run)) words.add(pair);
    words.add(Array.from(run).at(-1) ?? "");
  }
  return [...words].slice(0, mostWords);
};

/**
 * What the words of those who may see a text begin with: its owner alone, or (null) all of the workspace. Short, so that
 * two may share a mark: who may see it is asked of the conversation.
 */
export const scopeOf = (workspaceId: string, ownerId: string | null): string =>
  createHash("sha256")
    .update(JSON.stringify([workspaceId, ownerId]))
    .digest("base64url")
    .slice(0, 5);
