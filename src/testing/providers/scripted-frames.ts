/** The wire format of a Chat Completions stream, as OpenAI writes it. */
const frame = (choice: object | null, more: object = {}): string =>
  `data: ${JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_700_000_000,
    model: "scripted",
    choices: choice === null ? [] : [{ index: 0, ...choice }],
    ...more,
  })}\n\n`;

export const deltaFrame = (delta: object, finishReason: string | null = null): string =>
  frame({ delta, finish_reason: finishReason });

export const textFrame = (content: string): string => deltaFrame({ content });

export const usageFrame = (usage: object): string => frame(null, { usage });

export const doneFrame = "data: [DONE]\n\n";

/** The frames of one tool call: id and name first, then its arguments in two halves. */
export const toolCallFrames = (index: number, call: { id: string; name: string; arguments: string }): string[] => {
  const half = call.arguments.length >> 1;
  const more = (text: string): string => deltaFrame({ tool_calls: [{ index, function: { arguments: text } }] });
  return [
    deltaFrame({
      tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }],
    }),
    more(call.arguments.slice(0, half)),
    more(call.arguments.slice(half)),
  ];
};
