import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findMissingPaths } from "./doc-paths.ts";

const isClone = existsSync(join(import.meta.dirname, "../.git"));

test.skipIf(!isClone)("what the documents name is there", () => {
  expect(findMissingPaths()).toEqual([]);
});
