import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ToolContext } from "../protocol/agent/tool.ts";
import { testContext } from "../testing/injected-context.ts";
import {
  completed,
  errorTextOf,
  failed,
  isToolOutcome,
  notFound,
  outputOf,
  pending,
  validationError,
} from "./results.ts";
import { tool } from "./tool.ts";

const context: ToolContext = {
  workspaceId: "w",
  conversationId: "c",
  completionId: "o",
  userId: "u",
  callId: "call-1",
  idempotencyKey: "o:call-1",
  abortSignal: new AbortController().signal,
  context: testContext,
};

/** Checks an input and runs the body with it, as the engine does. */
const call = async (made: ReturnType<typeof tool>, input: unknown) => {
  const checked = await made.validate(input);
  return "issues" in checked ? checked : made.execute(checked.value, context);
};

describe("B4 tool()", () => {
  it("describes itself as JSON Schema draft 7, plainly", () => {
    const made = tool({
      description: "Adds",
      inputSchema: z.object({ a: z.number().describe("First"), b: z.number().default(1) }),
      execute: () => null,
    });
    expect(made.description).toBe("Adds");
    expect(made.inputSchema).toEqual(JSON.parse(JSON.stringify(made.inputSchema)));
    expect(made.inputSchema).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { a: { type: "number", description: "First" }, b: { type: "number", default: 1 } },
      required: ["a"],
    });
    expect([made.retrySafe, made.timeout]).toEqual([false, 60_000]);
    expect(tool({ inputSchema: z.object({}), execute: () => null })).not.toHaveProperty("description");
  });

  it("tells what is wrong with an input, and where", async () => {
    const made = tool({
      inputSchema: z.object({ order: z.object({ id: z.string() }), cents: z.int() }),
      execute: () => "never",
    });
    expect(await call(made, { order: { id: 1 }, cents: 1.5 })).toEqual({
      issues: [expect.stringMatching(/^order\.id: /), expect.stringMatching(/^cents: /)],
    });
    expect(await call(made, "text")).toEqual({ issues: [expect.stringMatching(/^input: /)] });
    expect(await call(made, undefined)).toEqual({ issues: [expect.any(String)] });
  });

  it("hands the body what the schema makes of the input, once", async () => {
    const made = tool({
      inputSchema: z.object({
        at: z.string().transform((text) => new Date(text)),
        cents: z.string().transform(Number).pipe(z.int()),
        limit: z.number().default(10),
        name: z.string().refine(async (name) => name !== "nobody", "is nobody"),
      }),
      execute: ({ at, cents, limit, name }) => ({ year: at.getUTCFullYear(), cents: cents + 1, limit, name }),
    });
    expect(await call(made, { at: "2026-01-01", cents: "41", name: "x", extra: true })).toEqual(
      completed({ year: 2026, cents: 42, limit: 10, name: "x" }),
    );
    expect(await call(made, { at: "2026-01-01", cents: "41", name: "nobody" })).toEqual({
      issues: ["name: is nobody"],
    });
  });

  it("gives the body its call", async () => {
    const made = tool({
      inputSchema: z.object({}),
      execute: (_input, { callId, idempotencyKey }) => [callId, idempotencyKey],
    });
    expect(await call(made, {})).toEqual(completed(["call-1", "o:call-1"]));
  });

  it("B6 takes a plain value as completed, and the five results as they are", async () => {
    const results = [completed(1), pending("later"), validationError(["a"]), notFound("order 7"), failed("no")];
    for (const result of results)
      expect(await call(tool({ inputSchema: z.object({}), execute: () => result }), {})).toEqual(result);
    for (const [value, data] of [
      [undefined, null],
      [null, null],
      [0, 0],
      ["", ""],
      [[1], [1]],
      [{ id: 1 }, { id: 1 }],
    ])
      expect(await call(tool({ inputSchema: z.object({}), execute: async () => value }), {})).toEqual(completed(data));
  });

  it("B6 does not mistake data that has a type of its own for a result", async () => {
    for (const data of [
      { type: "pending", id: 3 },
      { type: "completed", orderId: 5 },
      { type: "failed", message: "x", code: 7 },
      { type: "failed", message: new Error("x") },
      { type: "not-found" },
      { type: "validation-error", issues: "none" },
      { type: "completed", data: 1, more: 2 },
      { type: "other", data: 1 },
    ]) {
      expect([data, isToolOutcome(data)]).toEqual([data, false]);
      expect(await call(tool({ inputSchema: z.object({}), execute: () => data }), {})).toEqual(completed(data));
    }
  });
});

describe("B6 results", () => {
  it("are read as output or as an error", () => {
    expect([completed(1), pending("later")].map((outcome) => [errorTextOf(outcome), outputOf(outcome)])).toEqual([
      [null, 1],
      [null, { status: "pending", note: "later" }],
    ]);
    expect([validationError(["a", "b"]), notFound("order 7"), failed("no")].map(errorTextOf)).toEqual([
      "The input was refused: a; b",
      "Not found: order 7",
      "no",
    ]);
    expect(outputOf(completed(undefined))).toBeNull();
  });
});
