import type { Chunk } from "../message/chunk.ts";
import type { ModelCall, ModelEnd, ModelEvent, ModelMessage } from "./model.ts";
import type { Principal } from "../people/principal.ts";
import type { TurnCompletion, TurnEnd } from "./turn.ts";

/** A message on its way in: known sender, checked body, nothing stored yet. */
export interface AcceptRequest {
  readonly principal: Principal;
  readonly requestId: string;
  /** Where it came, as `POST /v1/chat`. */
  readonly route: string;
  /** What the person wrote: the text of each text part of the message, in order. Empty when a stored message is answered again. */
  readonly texts: readonly string[];
  /** Adds headers to whatever answers; a web socket has none. */
  tell(headers: Readonly<Record<string, string>>): void;
}

/** What a layer around accepting may change: as many texts as there were. */
export interface AcceptChanges {
  readonly texts: readonly string[];
}

/** One claim of a completion: after a crash or a wait the next one passes the layers again. */
export interface CompletionCall {
  readonly completion: TurnCompletion;
  /** Id of the agent that answers. */
  readonly agent: string;
  /** What the model will see, oldest first. */
  readonly messages: readonly ModelMessage[];
  readonly signal: AbortSignal;
}

/** One call of a model on its way to the provider. */
export interface ModelLayerCall {
  readonly completion: TurnCompletion;
  /** 1, 2, 3 … within the completion. */
  readonly step: number;
  readonly request: ModelCall;
  readonly signal: AbortSignal;
  /** Tokens that the request will send, by estimate. */
  estimateInput(): number;
  /** Says something as the model would, synchronously and in order. */
  readonly sink: (events: readonly ModelEvent[]) => void;
}

/** What a layer around a model call may change for the layers inside it. */
export interface ModelChanges {
  readonly request?: ModelCall;
  /** Gets what the model says in place of `call.sink`. */
  readonly sink?: (events: readonly ModelEvent[]) => void;
}

/** One stream of chunks: a model call, or what a runner emits by itself. The same object for all chunks of it. */
export interface ChunkCall {
  readonly completion: TurnCompletion;
  /** Null: the runner's own. */
  readonly step: number | null;
}

/**
 * A layer around accepting a message, around a completion, around a model call. The first of the configuration is the
 * outermost. Each hook calls `next` at most once; not calling it, or throwing, ends the matter there: `accept` by a
 * NatterError before anything is stored, `completion` and `model` by one that the answer ends with.
 *
 * @example
 * const stamp: Middleware = {
 *   name: "stamp",
 *   model: (call, next) =>
 *     next({ request: { ...call.request, instructions: `${call.request.instructions ?? ""}\nToday is ${today()}.` } }),
 * };
 */
export interface Middleware {
  /** Told in logs; once in a configuration. */
  readonly name: string;
  /** Where a message comes in. `next` resolves when its answer begins, or is there if the caller waits for the whole. */
  readonly accept?: (request: AcceptRequest, next: (changes?: AcceptChanges) => Promise<void>) => Promise<void>;
  /** Around the runner of one claim. */
  readonly completion?: (call: CompletionCall, next: () => Promise<TurnEnd>) => Promise<TurnEnd>;
  /** Around one call of a model of the registry, ledger entry opened. `next` resolves when the model has said all. */
  readonly model?: (call: ModelLayerCall, next: (changes?: ModelChanges) => Promise<ModelEnd>) => Promise<ModelEnd>;
  /**
   * Sees each chunk of content (never the markers of steps, results and endings) before anybody else does: what it
   * answers is shown and stored in its place, nothing for an empty array. What it holds back it gives with a later
   * chunk, at the latest with the `-end` of its block; a stopped stream is not asked again. A throw ends the answer.
   */
  readonly chunk?: (chunk: Chunk, call: ChunkCall) => readonly Chunk[];
}
