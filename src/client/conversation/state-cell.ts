import { buildView } from "./build-view.ts";
import type { Change } from "./conversation-changes.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { ConversationView } from "./conversation-view.ts";
import type { SchedulePaint } from "./paint-clock.ts";

/** Holds the state of a conversation and tells listeners of its view, at most once a frame. */
export class StateCell {
  readonly #schedulePaint: SchedulePaint;
  /** What was heard since the last look; asked before anything else is changed or painted. */
  readonly #absorb: Change;
  readonly #listeners = new Set<() => void>();
  #state: ConversationState;
  #view: ConversationView;
  #cancelPaint: (() => void) | null = null;

  constructor(state: ConversationState, schedulePaint: SchedulePaint, absorb: Change) {
    this.#state = state;
    this.#view = buildView(state, null);
    this.#schedulePaint = schedulePaint;
    this.#absorb = absorb;
  }

  get state(): ConversationState {
    this.#state = this.#absorb(this.#state);
    return this.#state;
  }

  get view(): ConversationView {
    return this.#view;
  }

  update(...changes: readonly Change[]): void {
    for (const change of changes) this.#state = change(this.state);
    this.touch();
  }

  /** Something is there to absorb. */
  touch(): void {
    this.#cancelPaint ??= this.#schedulePaint(() => {
      this.#cancelPaint = null;
      const view = buildView(this.state, this.#view);
      if (view === this.#view) return;
      this.#view = view;
      for (const listener of this.#listeners) listener();
    });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#cancelPaint?.();
    this.#listeners.clear();
  }
}
