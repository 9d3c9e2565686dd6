import type { Claim } from "../completions/claim.ts";
import type { ClaimEnd, ClaimObserver, EngineObserver, ModelCallObserver, ToolCallEnd } from "../engine/observer.ts";
import { splitModelId } from "../providers/catalogue/model-id.ts";
import type { Families } from "./families.ts";

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

const countEnd = (families: Families, provider: string, end: ClaimEnd): void => {
  switch (end.status) {
    case "completed":
    case "cancelled":
      return families.completions.inc({ status: end.status, provider });
    case "failed":
      families.failures.inc({ code: end.code });
      return families.completions.inc({ status: end.status, provider });
    case "lost":
    case "broken":
      return families.lostClaims.inc({ cause: end.status });
    case "waiting":
    case "handed-over":
  }
};

const outcomeOf = (end: ToolCallEnd): string => {
  switch (end.status) {
    case "done":
      return end.outcome.type;
    case "waiting":
    case "stopped":
    case "failed":
      return end.status;
  }
};

class ClaimMetrics implements ClaimObserver {
  readonly #families: Families;
  readonly #claim: Claim;
  readonly #begunAt = performance.now();
  readonly #provider: string;
  #isHeard = false;

  constructor(families: Families, claim: Claim) {
    this.#families = families;
    this.#claim = claim;
    this.#provider = splitModelId(claim.model).providerId;
    if (claim.isTakeOver) families.takeovers.inc({ cause: claim.hasCrashed ? "crash" : "hand_over" });
  }

  beginModel(call: { readonly model: string }): ModelCallObserver {
    const begun = performance.now();
    const provider = splitModelId(call.model).providerId;
    return {
      hear: () => {
        this.#families.modelFirstToken.observe({ provider }, secondsSince(begun));
        this.#hearFirst();
      },
      end: (end) => {
        if (end.status !== "done") return;
        this.#families.modelCall.observe({ provider }, secondsSince(begun));
        this.#families.tokens.inc({ provider, direction: "input" }, end.usage.inputTokens);
        this.#families.tokens.inc({ provider, direction: "output" }, end.usage.outputTokens);
      },
    };
  }

  beginTool(call: { readonly tool: string }, isKnown: boolean): (end: ToolCallEnd) => void {
    const tool = isKnown ? call.tool : "unknown";
    return (end) => this.#families.tools.inc({ tool, outcome: outcomeOf(end) });
  }

  end(end: ClaimEnd): void {
    countEnd(this.#families, this.#provider, end);
  }

  /** A take-over is no first: the viewers have seen one. */
  #hearFirst(): void {
    if (this.#isHeard || this.#claim.isTakeOver) return;
    this.#isHeard = true;
    this.#families.firstToken.observe(this.#claim.waitedMilliseconds / 1000 + secondsSince(this.#begunAt));
  }
}

/** Counts what a worker tells of its work. */
export const createEngineMetrics = (families: Families): EngineObserver => ({
  begin: (claim) => new ClaimMetrics(families, claim),
});
