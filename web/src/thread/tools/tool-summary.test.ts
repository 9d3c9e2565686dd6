import { describe, expect, it } from "vitest";
import { outcomeUnknown } from "../../../../src/tools/execution.ts";
import type { ToolPart } from "../message/part-groups.ts";
import { argumentOf, summarizeTool } from "./tool-summary.ts";

const failed = (errorText: string): ToolPart => ({
  type: "tool-add",
  toolCallId: "call-1",
  state: "output-error",
  input: { a: 2, b: 3 },
  errorText,
});

describe("a tool call in one line (C9)", () => {
  it("shows what the tool was asked", () => {
    expect(argumentOf({ file: "traffic.csv" })).toBe("traffic.csv");
    expect(argumentOf({ a: 2, b: 3 })).toBe("a 2, b 3");
    expect(argumentOf({ places: ["Oslo", "Bergen"], deep: { x: 1 } })).toBe("places Oslo, Bergen, deep …");
    expect(argumentOf(undefined)).toBe("");
    expect(argumentOf({ text: "x\n".repeat(500) }).length).toBeLessThanOrEqual(90);
  });

  it("tells a failure from an outcome that nobody knows, in the server's own words", () => {
    expect(summarizeTool(failed("No such order."))).toMatchObject({
      name: "add",
      status: "failed",
      error: "No such order.",
    });
    const text = outcomeUnknown.type === "failed" ? outcomeUnknown.message : "";
    expect(summarizeTool(failed(text)).status).toBe("unknown");
  });

  it("takes a call without a result for one that runs", () => {
    const part: ToolPart = { type: "tool-add", toolCallId: "1", state: "input-streaming", input: undefined };
    expect(summarizeTool(part).status).toBe("running");
  });
});
