import type { Chunk } from "../../protocol/message/chunk.ts";
import type { ChunkCall } from "../../protocol/agent/middleware.ts";
import type { RuleSet } from "./rules.ts";
import { TextScanner, type Sought } from "./text-scanner.ts";
import { actOn, type GuardPlace } from "./verdict.ts";

const structural = new Set(["type", "id", "toolCallId", "toolName", "mediaType", "url", "sourceId"]);

/** The patterns of one stream of chunks. */
class ChunkGuard {
  readonly #place: GuardPlace;
  readonly #rules: RuleSet;
  readonly #sought: Sought;
  readonly #blocks = new Map<string, TextScanner>();
  readonly #flagged = new Set<string>();

  constructor(place: GuardPlace, rules: RuleSet, sought: Sought) {
    this.#place = place;
    this.#rules = rules;
    this.#sought = sought;
  }

  /** @throws NatterError `guardrail_blocked` */
  read(chunk: Chunk): readonly Chunk[] {
    switch (chunk.type) {
      case "text-delta":
      case "reasoning-delta": {
        const shown = this.#scan(`${chunk.type} ${chunk.id}`, chunk.delta, false);
        return shown === "" && chunk.providerMetadata === undefined ? this.#flags() : [{ ...chunk, delta: shown }];
      }
      case "text-end":
      case "reasoning-end": {
        const kind = chunk.type === "text-end" ? "text-delta" : "reasoning-delta";
        const rest = this.#scan(`${kind} ${chunk.id}`, "", true);
        const last: Chunk[] = rest === "" ? [] : [{ type: kind, id: chunk.id, delta: rest }];
        return [...last, chunk, ...this.#flags()];
      }
      case "text-start":
      case "reasoning-start":
      case "tool-input-start":
      case "file":
      case "reasoning-file":
        return [chunk];
      case "tool-input-delta":
        // shown as a whole, when its text can be judged as values
        return [];
      default:
        return [this.#members(chunk), ...this.#flags()];
    }
  }

  readonly #pending: string[] = [];

  #flags(): Chunk[] {
    return this.#pending
      .splice(0)
      .map((rule): Chunk => ({ type: "data-natter-guardrail", data: { rule, action: "flag" } }));
  }

  #note(found: ReadonlySet<string>): void {
    const fresh = [...found].filter((rule) => !this.#flagged.has(rule));
    for (const rule of found) this.#flagged.add(rule);
    this.#pending.push(...actOn(this.#place, this.#rules, fresh));
  }

  #scan(block: string, delta: string, isLast: boolean): string {
    const scanner = this.#blocks.get(block) ?? new TextScanner(this.#sought);
    this.#blocks.set(block, scanner);
    const { text, found } = scanner.push(delta, isLast);
    if (isLast) this.#blocks.delete(block);
    if (found.size > 0) this.#note(found);
    return text;
  }

  #value(value: unknown): unknown {
    if (typeof value === "string") {
      const { text, found } = new TextScanner(this.#sought).push(value, true);
      if (found.size > 0) this.#note(found);
      return text;
    }
    if (Array.isArray(value)) return value.map((member) => this.#value(member));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.#value(member)]));
  }

  #members<Whole extends Chunk>(chunk: Whole): Whole {
    const changed = Object.entries(chunk).flatMap(([key, member]) =>
      structural.has(key) || key === "providerMetadata" ? [] : [[key, this.#value(member)] as const],
    );
    return { ...chunk, ...Object.fromEntries(changed) };
  }
}

/** One guard for each stream, as long as it goes on. */
export const guardChunks = (
  placeOf: (call: ChunkCall) => GuardPlace,
  rules: RuleSet,
  sought: Sought,
): ((chunk: Chunk, call: ChunkCall) => readonly Chunk[]) => {
  const guards = new WeakMap<ChunkCall, ChunkGuard>();
  return (chunk, call) => {
    const guard = guards.get(call) ?? new ChunkGuard(placeOf(call), rules, sought);
    guards.set(call, guard);
    return guard.read(chunk);
  };
};
