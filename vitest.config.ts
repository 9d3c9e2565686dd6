import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "natter/client": join(import.meta.dirname, "src/client/natter-client.ts") } },
  test: {
    include: ["{src,web,tests,scripts,bench,examples}/**/*.test.{ts,tsx}"],
    globalSetup: ["src/testing/global-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // most of them wait for servers, browsers and leases: one at a time, which is the default on two cores, leaves both idle
    maxWorkers: Math.max(2, availableParallelism()),
    // where nobody looks: what fails twice is broken, what fails once is named in the output as tried again
    retry: process.env["CI"] === "true" ? 1 : 0,
    // of `expect.poll`: a second is little where everything runs at once
    expect: { poll: { timeout: 10_000 } },
  },
});
