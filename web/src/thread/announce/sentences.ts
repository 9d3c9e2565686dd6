const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** Markdown as it is read out: without marks, tables' bars and the insides of code. */
const plain = (markdown: string): string =>
  markdown
    .replaceAll(/^(`{3,}|~{3,}).*?(^\1|$(?![\s\S]))/gms, " Code. ")
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[*`]+/g, "")
    .replaceAll(/[#>|]+/g, " ")
    .replaceAll(/[^\S\n]+/g, " ");

const split = (text: string): readonly string[] =>
  [...segmenter.segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));

export const countSentences = (markdown: string): number => split(plain(markdown)).length;

/** The sentences that are whole: all but the last as long as more may come. */
export const wholeSentences = (markdown: string, isFinished: boolean): readonly string[] => {
  const sentences = split(plain(markdown));
  return isFinished ? sentences : sentences.slice(0, -1);
};
