import type { Chunk, Part, StartMetadata } from "../../protocol/message/chunk.ts";
import { applyChunk, createFold, isToolPart, lastStepParts, type Fold } from "../../protocol/message/fold.ts";
import { formatPosition, parsePosition, type Frame } from "../../protocol/message/frames.ts";
import { holdsSame, shareItems } from "../conversation/is-same.ts";
import { createPartialInputs } from "../conversation/partial-inputs.ts";

/** What an answer that is being written does. `waiting`: for a person. */
export type LivePhase = "thinking" | "streaming" | "tool-running" | "waiting";

/** How the log of a completion ended. */
export type LiveEnding =
  | { readonly status: "completed" | "cancelled" }
  | { readonly status: "failed"; readonly message: string };

/** The answer that is being written, at one moment; never changed afterwards. */
export interface LiveSnapshot {
  readonly messageId: string;
  readonly start: StartMetadata;
  readonly parts: readonly Part[];
  readonly phase: LivePhase;
  /** The tool that runs; null: none. */
  readonly tool: string | null;
  /** Whether anything but the start was heard: before, it may still be queued. */
  readonly hasBegun: boolean;
  /** A worker died, or its log was lost, and another picked it up. */
  readonly wasRecovered: boolean;
  readonly ending: LiveEnding | null;
}

const isStartMetadata = (value: unknown): value is StartMetadata =>
  typeof value === "object" &&
  value !== null &&
  "conversationId" in value &&
  "completionId" in value &&
  "sequence" in value &&
  typeof value.completionId === "string";

const doingOf = (parts: readonly Part[]): Pick<LiveSnapshot, "phase" | "tool"> => {
  const last = parts.at(-1);
  if (last?.type === "text") return { phase: "streaming", tool: null };
  const isAsking = (part: Part): boolean => isToolPart(part) && part.state === "approval-requested";
  if (lastStepParts(parts).some(isAsking)) return { phase: "waiting", tool: null };
  const isRunning = (part: Part): boolean =>
    isToolPart(part) &&
    (part.state.startsWith("input-") || (part.state === "approval-responded" && part.approval.approved));
  const running = last !== undefined && isToolPart(last) ? lastStepParts(parts).find(isRunning) : undefined;
  return running === undefined
    ? { phase: "thinking", tool: null }
    : { phase: "tool-running", tool: running.type.slice("tool-".length) };
};

/** How much there is to see; never less after another delta. */
const amountOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, part) => sum + 1 + (part.type === "text" || part.type === "reasoning" ? part.text.length : 0), 0);

/**
 * Folds the frames of one completion, which may come again: after a reconnect from where it was, or all of it from `start`.
 * In a replay what was shown stays until the replay has more to show, so that nothing is painted twice.
 */
export class LiveMessage {
  #fold: Fold = createFold();
  #shown: readonly Part[] = [];
  readonly #withInput = createPartialInputs();
  #catchUp = 0;
  #messageId = "";
  #start: StartMetadata | null = null;
  #epoch: string | null = null;
  #position = 0;
  #hasBegun = false;
  #wasRecovered = false;
  #ending: LiveEnding | null = null;
  #snapshot: LiveSnapshot | null = null;

  /** Where to go on from after a broken connection; undefined: from the start. */
  get lastEventId(): string | undefined {
    return this.#epoch === null || this.#position === 0 ? undefined : formatPosition(this.#epoch, this.#position);
  }

  get isOver(): boolean {
    return this.#ending !== null;
  }

  /** Takes the next frame; one that was had before is left out. */
  take({ id, chunk }: Frame): void {
    const at = id === undefined ? null : parsePosition(id);
    if (chunk.type === "start") this.#begin(chunk);
    else if (at !== null && at.epoch === this.#epoch && at.position <= this.#position) return;
    else this.#apply(chunk);
    if (at === null) return;
    // the epoch `row` replays what was seen to its end; it tells of no accident
    if (this.#epoch !== null && this.#epoch !== at.epoch && at.epoch !== "row") this.#wasRecovered = true;
    this.#epoch = at.epoch;
    this.#position = at.position;
  }

  /** Null until the start was heard. The same object while nothing changed. */
  snapshot(): LiveSnapshot | null {
    if (this.#start === null) return null;
    this.#share();
    const next: LiveSnapshot = {
      messageId: this.#messageId,
      start: this.#start,
      parts: this.#shown,
      ...doingOf(this.#shown),
      hasBegun: this.#hasBegun,
      wasRecovered: this.#wasRecovered,
      ending: this.#ending,
    };
    if (this.#snapshot === null || !holdsSame(this.#snapshot, next)) this.#snapshot = next;
    return this.#snapshot;
  }

  #begin(chunk: Extract<Chunk, { type: "start" }>): void {
    this.#share();
    this.#catchUp = amountOf(this.#shown);
    this.#fold = createFold();
    this.#ending = null;
    this.#position = 0;
    this.#messageId = chunk.messageId ?? this.#messageId;
    if (this.#start === null && isStartMetadata(chunk.messageMetadata)) this.#start = chunk.messageMetadata;
  }

  #apply(chunk: Chunk): void {
    this.#hasBegun = true;
    if (chunk.type === "abort") this.#ending = { status: "cancelled" };
    else if (chunk.type === "error") this.#ending = { status: "failed", message: chunk.errorText };
    else if (chunk.type === "finish") this.#ending ??= { status: "completed" };
    else {
      if (chunk.type === "reset-step") this.#wasRecovered = true;
      applyChunk(this.#fold, chunk);
    }
  }

  #share(): void {
    const { parts } = this.#fold;
    if (this.#ending === null && amountOf(parts) < this.#catchUp) return;
    this.#catchUp = 0;
    // the fold changes its parts in place
    this.#shown = shareItems(
      parts.map((part) => this.#withInput(this.#fold, part)),
      this.#shown,
    );
  }
}
