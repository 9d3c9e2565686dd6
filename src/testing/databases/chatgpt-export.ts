/** A conversation as a ChatGPT export tells it: these words in turn, the user's first. */
export const chatgptConversation = (id: string, words: readonly string[]) => {
  const nodes = ["root", ...words.map((_, index) => `${id}-message-${index}`)];
  return {
    title: `Talk ${id}`,
    create_time: 1_700_000_000.5,
    update_time: 1_700_000_100,
    conversation_id: id,
    current_node: nodes.at(-1),
    mapping: Object.fromEntries(
      nodes.map((node, index) => [
        node,
        {
          id: node,
          parent: nodes[index - 1] ?? null,
          children: nodes.slice(index + 1, index + 2),
          message:
            index === 0
              ? null
              : {
                  author: { role: index % 2 === 1 ? "user" : "assistant" },
                  create_time: 1_700_000_000 + index,
                  content: { content_type: "text", parts: [words[index - 1]] },
                },
        },
      ]),
    ),
  };
};
