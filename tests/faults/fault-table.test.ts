import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readFaultOptions } from "./fault-options.ts";
import { faultRuns } from "./fault-runs.ts";

const root = join(import.meta.dirname, "../..");
const [table = ""] = readFileSync(join(root, "docs/faults.md"), "utf8").split("## Figures");
const rows = table
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (fault +|-+) \|/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, fault = "", , lab = "", tests = ""]) => ({ fault, lab: namesIn(lab), tests: namesIn(tests) }));

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

describe("the table of faults", () => {
  it("has each of F1 to F28 once, with a fault of the lab or a test", () => {
    const numbered = rows.filter(({ fault }) => /^F\d+$/.test(fault)).map(({ fault }) => fault);
    expect(numbered).toEqual(Array.from({ length: 28 }, (_, index) => `F${index + 1}`));
    for (const { fault, lab, tests } of rows) expect([fault, lab.length + tests.length]).not.toEqual([fault, 0]);
  });

  it("names tests that are there, and faults that the lab has", () => {
    const known = new Set(
      faultRuns({ postgresUrl: null, redisUrl: null }, readFaultOptions([])).map(({ fault }) => fault),
    );
    for (const { lab, tests } of rows) {
      for (const file of tests) expect([file, existsSync(join(root, file))]).toEqual([file, true]);
      for (const name of lab) expect([name, known.has(name)]).toEqual([name, true]);
    }
  });

  it("leaves out nothing that the lab does", () => {
    const told = new Set(rows.flatMap(({ lab }) => lab));
    for (const { fault } of faultRuns({ postgresUrl: null, redisUrl: null }, readFaultOptions([])))
      expect([fault, told.has(fault)]).toEqual([fault, true]);
  });
});
