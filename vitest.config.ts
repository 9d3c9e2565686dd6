import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "natter/client": join(import.meta.dirname, "src/client/natter-client.ts") } },
  test: {
    include: ["{src,web,tests,scripts,bench,examples}/**/*.test.{ts,tsx}"],
    globalSetup: ["src/testing/global-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // of `expect.poll`: a second is little where everything runs at once
    expect: { poll: { timeout: 10_000 } },
  },
});
