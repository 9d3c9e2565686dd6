import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import type { Chunk } from "../../protocol/message/chunk.ts";
import type { Langgraph } from "./load-langgraph.ts";
import { SpokenMessage } from "./message-chunks.ts";
import { resultChunk } from "./result-chunk.ts";

type Metadata = Readonly<Record<string, unknown>> | undefined;

export interface Listening {
  readonly emit: (chunks: readonly Chunk[]) => void;
  /** Told of each answer of a model, shown or not. */
  readonly onMessage: (message: AIMessage, metadata: Metadata) => void;
}

const isHidden = (tags: readonly string[] = []): boolean =>
  tags.some((tag) => tag === "nostream" || tag === "langsmith:nostream" || tag === "langsmith:hidden");

/** What the models and nodes of a graph say, each message once; runs have ids of LangChain's. */
export class GraphSpeech {
  readonly #core: Langgraph;
  readonly #listening: Listening;
  readonly #speaking = new Map<string, { readonly spoken: SpokenMessage | null; readonly metadata: Metadata }>();
  readonly #nodes = new Set<string>();
  readonly #seen = new WeakSet<BaseMessage>();
  readonly #seenIds = new Set<string>();

  constructor(core: Langgraph, listening: Listening) {
    this.#core = core;
    this.#listening = listening;
  }

  beginModel(runId: string, tags: readonly string[] | undefined, metadata: Metadata): void {
    this.#speaking.set(runId, { spoken: isHidden(tags) ? null : new SpokenMessage(runId), metadata });
  }

  hear(runId: string, message: unknown): void {
    const spoken = this.#speaking.get(runId)?.spoken;
    if (this.#core.AIMessageChunk.isInstance(message)) this.#listening.emit(spoken?.hear(message) ?? []);
  }

  endModel(runId: string, message: unknown): void {
    const speaking = this.#speaking.get(runId);
    this.drop(runId);
    if (!this.#core.isBaseMessage(message) || !this.#core.isAIMessage(message)) return;
    this.#listening.onMessage(message, speaking?.metadata);
    if (speaking === undefined || speaking.spoken === null) return;
    this.#note(message);
    this.#listening.emit(speaking.spoken.end(message));
  }

  /** Messages that go into a node have been said before. */
  beginNode(runId: string, tags: readonly string[] | undefined, inputs: unknown): void {
    if (isHidden(tags)) return;
    this.#nodes.add(runId);
    for (const message of this.#messagesIn(inputs)) this.#note(message);
  }

  endNode(runId: string, outputs: unknown): void {
    if (!this.#nodes.delete(runId)) return;
    for (const message of this.#messagesIn(outputs)) this.#show(message);
  }

  /** A model or node failed. */
  drop(runId: string): void {
    this.#speaking.delete(runId);
    this.#nodes.delete(runId);
  }

  /** A message that a node gave without a model that was heard. */
  #show(message: BaseMessage): void {
    if (this.#seen.has(message) || (message.id !== undefined && this.#seenIds.has(message.id))) return;
    this.#note(message);
    const id = message.id ?? `message-${this.#seenIds.size}`;
    if (this.#core.isToolMessage(message)) this.#listening.emit([resultChunk(message)]);
    else if (this.#core.isAIMessage(message)) this.#listening.emit(new SpokenMessage(id).end(message));
  }

  #note(message: BaseMessage): void {
    this.#seen.add(message);
    if (message.id !== undefined) this.#seenIds.add(message.id);
  }

  #messagesIn(value: unknown): BaseMessage[] {
    if (this.#core.isBaseMessage(value)) return [value];
    if (typeof value !== "object" || value === null) return [];
    const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
    return members.flatMap((member) =>
      this.#core.isBaseMessage(member) || Array.isArray(member) ? this.#messagesIn(member) : [],
    );
  }
}
