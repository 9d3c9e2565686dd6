import type { AIMessage, AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { Chunk } from "../../protocol/message/chunk.ts";

const messageText = (message: BaseMessage): string => message.text;

const reasoningOf = ({ content }: BaseMessage): string =>
  typeof content === "string"
    ? ""
    : content
        .flatMap((block) =>
          block.type === "reasoning" && typeof block["reasoning"] === "string" ? [block["reasoning"]] : [],
        )
        .join("");

const deltas = (message: BaseMessage, id: string): Chunk[] => {
  const reasoning = reasoningOf(message);
  const text = messageText(message);
  return [
    ...(reasoning === "" ? [] : [{ type: "reasoning-delta" as const, id, delta: reasoning }]),
    ...(text === "" ? [] : [{ type: "text-delta" as const, id, delta: text }]),
  ];
};

/** One call of a model while it speaks, as chunks. */
export class SpokenMessage {
  readonly #id: string;
  /** Call ids by their index in the message. */
  readonly #calls = new Map<number, string>();
  #hasSpoken = false;

  constructor(id: string) {
    this.#id = id;
  }

  hear(chunk: AIMessageChunk): Chunk[] {
    const said = deltas(chunk, this.#id);
    this.#hasSpoken ||= said.length > 0;
    return [...said, ...(chunk.tool_call_chunks ?? []).flatMap((call) => this.#hearCall(call))];
  }

  /** The whole message: what of it was not streamed, and its calls. */
  end(message: AIMessage): Chunk[] {
    const rest = this.#hasSpoken ? [] : deltas(message, this.#id);
    return [
      ...rest,
      { type: "reasoning-end", id: this.#id },
      { type: "text-end", id: this.#id },
      ...callChunks(message),
    ];
  }

  #hearCall({ id, name, args, index = 0 }: NonNullable<AIMessageChunk["tool_call_chunks"]>[number]): Chunk[] {
    const known = this.#calls.get(index);
    const isNew = known === undefined && id !== undefined && id !== "" && name !== undefined;
    if (isNew) this.#calls.set(index, id);
    const toolCallId = isNew ? id : known;
    if (toolCallId === undefined) return [];
    const start: Chunk[] = isNew ? [{ type: "tool-input-start", toolCallId, toolName: name }] : [];
    return args === undefined || args === ""
      ? start
      : [...start, { type: "tool-input-delta", toolCallId, inputTextDelta: args }];
  }
}

const callChunks = ({ tool_calls = [], invalid_tool_calls = [] }: AIMessage): Chunk[] => [
  ...tool_calls.flatMap(({ id, name, args }): Chunk[] =>
    id === undefined ? [] : [{ type: "tool-input-available", toolCallId: id, toolName: name, input: args }],
  ),
  ...invalid_tool_calls.flatMap(({ id, name, args }): Chunk[] =>
    id === undefined || name === undefined
      ? []
      : [
          {
            type: "tool-input-error",
            toolCallId: id,
            toolName: name,
            input: args ?? "",
            errorText: "The model's input is no JSON.",
          },
        ],
  ),
];
