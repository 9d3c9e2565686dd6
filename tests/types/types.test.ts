import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

/** What the compiler says of a project; empty when it finds nothing wrong. */
const check = async (folder: string): Promise<string> => {
  const project = join(import.meta.dirname, folder);
  try {
    return (await run(join(root, "node_modules/.bin/tsc"), ["-p", project], { cwd: root })).stdout;
  } catch (failure) {
    return String((failure as { stdout?: unknown }).stdout);
  }
};

test("B3 what Register says is what instructions, tools and messages are typed by, and wrong use is an error", async () => {
  expect(await check("registered")).toBe("");
}, 180_000);

test("B3 without Register everything can be used, and messages are typed by the agents that are given", async () => {
  expect(await check("unregistered")).toBe("");
}, 180_000);
