import type { Chunk } from "../../protocol/message/chunk.ts";
import type { AgentEvent, OtherEvent } from "./agent-event.ts";

/** Names of CUSTOM events whose value is a chunk of ours: what AG-UI has no event for. */
const ownPrefix = "natter.";

const parse = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
};

const isChunk = (value: unknown): value is Chunk =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

const resultOf = (content: string | unknown[]): unknown =>
  typeof content === "string" && /^[[{]/.test(content) ? (parse(content) ?? content) : content;

/** Tells the events of one run as chunks. What has no chunk comes as a `data-ag-ui-*` part, or passes by. */
export class EventChunks {
  readonly #inputs = new Map<string, { readonly name: string; text: string }>();
  #lastText = "";
  #lastReasoning = "";
  #lastCall = "";
  /** A result was the last thing: what a model says now belongs to its next step. */
  #isAnswered = false;

  read(event: AgentEvent | OtherEvent): Chunk[] {
    const chunks = this.#readOne(event);
    const isSpeech = chunks.some(({ type }) => /^(text|reasoning)-|^tool-input-/.test(type));
    const step: Chunk[] = this.#isAnswered && isSpeech ? [{ type: "finish-step" }] : [];
    if (isSpeech) this.#isAnswered = false;
    this.#isAnswered ||= event.type === "TOOL_CALL_RESULT";
    return [...step, ...chunks];
  }

  #readOne(event: AgentEvent | OtherEvent): Chunk[] {
    switch (event.type) {
      case "TEXT_MESSAGE_CONTENT":
        return [{ type: "text-delta", id: event.messageId, delta: event.delta }];
      case "TEXT_MESSAGE_END":
        return [{ type: "text-end", id: event.messageId }];
      case "TEXT_MESSAGE_CHUNK":
        this.#lastText = event.messageId ?? this.#lastText;
        return event.delta ? [{ type: "text-delta", id: this.#lastText, delta: event.delta }] : [];
      case "REASONING_MESSAGE_CONTENT":
        return [{ type: "reasoning-delta", id: event.messageId, delta: event.delta }];
      case "REASONING_MESSAGE_END":
        return [{ type: "reasoning-end", id: event.messageId }];
      case "REASONING_MESSAGE_CHUNK":
        this.#lastReasoning = event.messageId ?? this.#lastReasoning;
        return event.delta ? [{ type: "reasoning-delta", id: this.#lastReasoning, delta: event.delta }] : [];
      case "TOOL_CALL_START":
        return this.#startCall(event.toolCallId, event.toolCallName);
      case "TOOL_CALL_ARGS":
        return this.#addInput(event.toolCallId, event.delta);
      case "TOOL_CALL_END":
        return this.#endCall(event.toolCallId);
      case "TOOL_CALL_CHUNK":
        return this.#readCallChunk(event);
      case "TOOL_CALL_RESULT":
        return [
          ...this.#endCall(event.toolCallId),
          { type: "tool-output-available", toolCallId: event.toolCallId, output: resultOf(event.content) },
        ];
      default:
        return this.#readFact(event);
    }
  }

  #readFact(event: AgentEvent | OtherEvent): Chunk[] {
    switch (event.type) {
      case "CUSTOM":
        if (event.name.startsWith(ownPrefix) && isChunk(event.value)) return [event.value];
        return [{ type: "data-ag-ui-custom", data: { name: event.name, value: event.value } }];
      case "STATE_SNAPSHOT":
        return [{ type: "data-ag-ui-state", id: "state", data: event.snapshot }];
      case "ACTIVITY_SNAPSHOT":
        return [
          {
            type: "data-ag-ui-activity",
            id: event.messageId,
            data: { type: event.activityType, content: event.content },
          },
        ];
      case "other":
        return [{ type: "data-ag-ui-event", data: event.event, transient: true }];
      default:
        return [];
    }
  }

  /** Ends what the run left open. */
  end(): Chunk[] {
    return [...this.#inputs.keys()].flatMap((id) => this.#endCall(id));
  }

  #readCallChunk({ toolCallId, toolCallName, delta }: Extract<AgentEvent, { type: "TOOL_CALL_CHUNK" }>): Chunk[] {
    const isNew = toolCallId !== null && toolCallId !== undefined && toolCallId !== this.#lastCall;
    const ended = isNew ? this.#endCall(this.#lastCall) : [];
    if (isNew) this.#lastCall = toolCallId;
    const started = isNew ? this.#startCall(toolCallId, toolCallName ?? "") : [];
    return [...ended, ...started, ...(delta ? this.#addInput(this.#lastCall, delta) : [])];
  }

  #startCall(toolCallId: string, name: string): Chunk[] {
    this.#inputs.set(toolCallId, { name, text: "" });
    return [{ type: "tool-input-start", toolCallId, toolName: name }];
  }

  #addInput(toolCallId: string, delta: string): Chunk[] {
    const open = this.#inputs.get(toolCallId);
    if (open === undefined) return [];
    open.text += delta;
    return [{ type: "tool-input-delta", toolCallId, inputTextDelta: delta }];
  }

  #endCall(toolCallId: string): Chunk[] {
    const open = this.#inputs.get(toolCallId);
    if (open === undefined) return [];
    this.#inputs.delete(toolCallId);
    const { name: toolName, text } = open;
    const input = text === "" ? {} : parse(text);
    return input === undefined
      ? [{ type: "tool-input-error", toolCallId, toolName, input: text, errorText: "The model's input is no JSON." }]
      : [{ type: "tool-input-available", toolCallId, toolName, input }];
  }
}
