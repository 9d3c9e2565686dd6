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

/** The first sentence of a description. */
export const firstSentence = (description: string): string =>
  /^.*?[.!?](?=\s|$)/su.exec(description.trim())?.[0] ?? description.trim();
