import { z } from "zod";

export const runnerCapabilitiesSchema = z
  .object({
    resume: z
      .enum(["step", "node", "none"])
      .describe("Where it goes on after a crash; none: the answer fails as `interrupted`, and what was said is kept"),
    toolsAtMostOnce: z
      .enum(["all", "own", "none"])
      .describe("Whose tools start at most once per call; own: those of the agent, made by `tool()`"),
    modelMiddleware: z
      .enum(["all", "registry", "none"])
      .describe("Whose model calls pass middleware, cache and budgets; registry: models made by this server"),
    usage: z.enum(["exact", "reported", "estimated"]).describe("How its tokens come into the ledger, at best"),
    approval: z
      .enum(["tools", "interrupts", "none"])
      .describe("How it asks a person: by its tools' approval, or by an interrupt of the framework"),
  })
  .meta({ id: "RunnerCapabilities" });

/** What a runner can promise. Each cell is tested by the conformance suite of runners. */
export type RunnerCapabilities = Readonly<z.infer<typeof runnerCapabilitiesSchema>>;

/** Of runners that call models and tools by `turn.model` and `turn.execute`. */
export const nativeCapabilities: RunnerCapabilities = {
  resume: "step",
  toolsAtMostOnce: "all",
  modelMiddleware: "all",
  usage: "exact",
  approval: "tools",
};

/** Of runners that say nothing about themselves. */
export const unknownCapabilities: RunnerCapabilities = {
  resume: "none",
  toolsAtMostOnce: "own",
  modelMiddleware: "registry",
  usage: "estimated",
  approval: "tools",
};
