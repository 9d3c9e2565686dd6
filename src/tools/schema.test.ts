import { describe, expect, it } from "vitest";
import { check, convert, toJsonSchema, type Schema } from "./schema.ts";
import { tool } from "./tool.ts";

/** A schema of no library: what Standard Schema and Standard JSON Schema ask for, and nothing else. */
const evenNumber: Schema<number, string> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: async (value) =>
      typeof value === "number" && value % 2 === 0
        ? { value: `even ${value}` }
        : { issues: [{ message: "is not even", path: [{ key: "deep" }, "number"] }] },
    jsonSchema: { input: ({ target }) => ({ type: "number", multipleOf: 2, $comment: target }) },
  },
};

describe("B4 schemas of any library", () => {
  it("check, convert and describe what a tool takes", async () => {
    expect(await check(evenNumber, 4, "input")).toEqual({ value: 4 });
    expect(await check(evenNumber, 3, "input")).toEqual({ issues: ["deep.number: is not even"] });
    expect(await convert(evenNumber, 4)).toBe("even 4");
    await expect(convert(evenNumber, 3)).rejects.toThrow("does not fit its schema any more: deep.number: is not even");
    expect(toJsonSchema(evenNumber)).toEqual({ type: "number", multipleOf: 2, $comment: "draft-07" });
  });

  it("are what client tools check results with, and what approvals are asked with", async () => {
    const made = tool({ inputSchema: evenNumber, outputSchema: evenNumber, approval: (input) => input === "even 2" });
    expect([made.kind, made.answerWithin]).toEqual(["client", 7 * 86_400_000]);
    expect(await made.validateOutput(3)).toEqual({ issues: ["deep.number: is not even"] });
    const asked = await Promise.all([2, 4].map((input) => made.needsApproval(input, undefined as never)));
    expect(asked).toEqual([true, false]);
  });
});
