import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/longest-first.ts";

const shared = {
  // for machines that do much else: what hangs is found late, what is only slow passes
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // PGlite lives for seconds here: to compile it once more for speed costs a second of processor time for each file
  execArgv: ["--liftoff-only"],
  // where nobody looks: what fails twice is broken, what fails once is named in the output as tried again
  retry: process.env["CI"] === "true" ? 1 : 0,
  // of `expect.poll`: a second is little where everything runs at once
  expect: { poll: { timeout: 10_000 } },
};

const tests = "{src,web,tests,scripts,bench,examples}/**/*.test.{ts,tsx}";

/** What starts whole programs, or fills a process for minutes. */
const alone = "{tests/{cli,faults,package,simulation},examples}/**/*.test.ts";

const resolve = { alias: { "natter/client": join(import.meta.dirname, "src/client/natter-client.ts") } };

export default defineConfig({
  resolve,
  test: {
    globalSetup: ["src/testing/global-setup.ts"],
    // most of them wait for servers, browsers and leases: one for each core leaves cores idle
    maxWorkers: Math.max(3, availableParallelism()),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve,
        test: {
          ...shared,
          name: "shared",
          include: [tests],
          exclude: ["**/node_modules/**", alone],
          // a process for each file, and the same rooms loaded anew in it, took 40 % of the processor time
          isolate: false,
        },
      },
      { resolve, test: { ...shared, name: "alone", include: [alone] } },
    ],
  },
});
