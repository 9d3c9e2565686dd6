/** `create_ticket`, `github.createTicket`, `mcp__jira__create-ticket` → `Create ticket`. */
export const wordsOf = (toolName: string): string => {
  const own = toolName.split(/__|[./:]/).findLast((piece) => piece !== "") ?? toolName;
  const words = own
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replaceAll(/[_-]+/g, " ")
    .trim()
    .toLowerCase();
  return words === "" ? toolName : words.replace(/^./u, (first) => first.toUpperCase());
};

const longestSentence = 240;

/** The first sentence of a description, whoever wrote it: not endless, and without what nobody would see. */
export const firstSentence = (description: string): string => {
  const text = description.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  const sentence = /^.*?[.!?](?=\s|$)/u.exec(text)?.[0] ?? text;
  return sentence.length > longestSentence ? `${sentence.slice(0, longestSentence - 1)}…` : sentence;
};
