import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { completionStatusSchema } from "../protocol/resources.ts";
import { completionEvents, sources, statuses, transitions, type CompletionStatus } from "./state.ts";

const cellsOf = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The table of SPEC.md: for each status and event the first word of its cell, null for a dash. */
const readSpecification = (): Record<string, Record<string, string | null>> => {
  const text = readFileSync(new URL("SPEC.md", import.meta.url), "utf8");
  const [header, , ...rows] = text.split("\n").filter((line) => line.startsWith("|"));
  const [, ...events] = cellsOf(header ?? "");
  const table: Record<string, Record<string, string | null>> = {};
  for (const row of rows) {
    const [names = "", ...cells] = cellsOf(row);
    for (const name of names.split(", "))
      table[name] = Object.fromEntries(
        events.map((event, index) => [event, cells[index] === "–" ? null : (cells[index]?.split(" ")[0] ?? null)]),
      );
  }
  return table;
};

describe("the state machine of a completion", () => {
  it("is the table of SPEC.md, cell by cell", () => {
    expect(transitions).toEqual(readSpecification());
  });

  it("has a cell for every status and every event, and leads only to statuses", () => {
    expect(Object.keys(transitions).toSorted()).toEqual([...statuses].toSorted());
    for (const status of statuses) {
      expect(Object.keys(transitions[status]).toSorted()).toEqual([...completionEvents].toSorted());
      const known = [...statuses, null];
      for (const next of Object.values(transitions[status])) expect(known).toContain(next);
    }
    expect(completionStatusSchema.options).toEqual(statuses);
  });

  it("never leaves an ending, and reaches every status from queued", () => {
    for (const status of ["completed", "failed", "cancelled"] as const)
      expect(new Set(Object.values(transitions[status]))).toEqual(new Set([null]));
    const reached = new Set<CompletionStatus>(["queued"]);
    for (const status of reached)
      for (const next of Object.values(transitions[status])) if (next !== null) reached.add(next);
    expect([...reached].toSorted()).toEqual([...statuses].toSorted());
  });

  it("can be cancelled wherever it has not ended", () => {
    expect(sources("cancel")).toEqual(["queued", "running", "waiting"]);
    expect(sources("finish")).toEqual(["running"]);
    expect(sources("claim")).toEqual(["queued"]);
  });
});
