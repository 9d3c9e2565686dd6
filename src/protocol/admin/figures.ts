import { z } from "zod";
import { timestampSchema } from "../identifiers.ts";

/** What the ledger says of some of its entries. */
export const sums = {
  calls: z.int().describe("Model calls"),
  inputTokens: z.int(),
  outputTokens: z.int(),
  costMicros: z.int().describe("Millionths of a dollar, of the calls whose price is known"),
  unpricedCalls: z.int(),
};

export const adminUsageSchema = z
  .object({
    data: z.array(
      z.object({
        key: z.string().describe("The day, the model, the user's id, or the agent; empty: an agent that was purged"),
        name: z.string().nullable().describe("Of the user"),
        ...sums,
      }),
    ),
    totals: z.object(sums),
  })
  .meta({ id: "AdminUsage" });

export const adminQueueSchema = z
  .object({
    queued: z.int(),
    running: z.int(),
    waiting: z.int().describe("For a person, or a client's tool"),
    oldestSeconds: z.number().describe("How long the one that was queued first has been due; 0: none is queued"),
    workers: z.int().describe("Nodes that work and were heard of lately, for all workspaces"),
    leases: z
      .object({
        held: z.int().describe("By a worker"),
        expired: z.int().describe("Of workers that went silent; another one takes over"),
      })
      .describe("Of what runs"),
    tools: z.object({ queued: z.int(), running: z.int(), waiting: z.int() }).describe("In the background"),
    jobs: z.object({ open: z.int(), failed: z.int().describe("Given up") }),
  })
  .meta({ id: "AdminQueue" });

const statuses = {
  queued: z.int(),
  running: z.int(),
  waiting: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
};

export const adminOverviewSchema = z
  .object({
    from: timestampSchema.nullable(),
    to: timestampSchema.nullable(),
    members: z.object({ all: z.int(), suspended: z.int() }).describe("As they are now"),
    conversations: z.object({ all: z.int(), shared: z.int() }).describe("Begun in that time, and not deleted"),
    completions: z.object(statuses).describe("Asked for in that time"),
    toolRuns: z.object(statuses).describe("Begun in that time"),
    errors: z.array(z.object({ code: z.string(), count: z.int() })).describe("Why answers failed, the most first"),
    seconds: z
      .object({ median: z.number(), worst: z.number().describe("Nineteen of twenty took no longer") })
      .nullable()
      .describe("What completed answers took from start to end; null: there are none"),
    usage: z.object(sums),
  })
  .meta({ id: "AdminOverview" });

export type AdminUsage = Readonly<z.infer<typeof adminUsageSchema>>;
export type AdminQueue = Readonly<z.infer<typeof adminQueueSchema>>;
export type AdminOverview = Readonly<z.infer<typeof adminOverviewSchema>>;
