import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkBoundaries, findViolations } from "./check-boundaries.ts";

describe("rooms", () => {
  test("a room that imports one it may not is named with file, line and both rooms", () => {
    const source = 'import { open } from "../ports/database.ts";\n\nimport { claim } from "../engine/claim.ts";\n';
    expect(findViolations("http/chat.ts", source)).toEqual([
      "src/http/chat.ts:3 http may not import engine (../engine/claim.ts)",
    ]);
  });

  test.each([
    'import type { Claim } from "../engine/claim.ts";',
    'export { claim } from "../engine/claim.ts";',
    'export * from "../engine/claim.ts";',
    'const { claim } = await import("../engine/claim.ts");',
    'type Claim = import("../engine/claim.ts").Claim;',
    'import "../engine/claim.ts";',
    "import {\n  claim,\n  release,\n} from '../engine/claim.ts';",
  ])("every way to import counts: %s", (source) => {
    expect(findViolations("http/chat.ts", source)).toHaveLength(1);
  });

  test("text that looks like an import, in a comment or a string, does not count", () => {
    const source =
      '/** import { claim } from "../engine/claim.ts" */\nconst text = `\nimport "../engine/claim.ts";\n`;';
    expect(findViolations("http/chat.ts", source)).toEqual([]);
  });

  test("an import deep inside a room is resolved from where it stands", () => {
    expect(findViolations("http/openai/chat.ts", 'import "../../store/rows.ts";')).toHaveLength(1);
    expect(findViolations("http/openai/chat.ts", 'import "../problem.ts"; import "../../auth/jwt.ts";')).toEqual([]);
  });

  test("a longer line of the table overrules the room's: of the drivers only the table's reach the store", () => {
    const source = 'import "../../store/completion/claims.ts";';
    expect(findViolations("drivers/queue/queue-table.ts", source)).toEqual([]);
    expect(findViolations("drivers/queue/queue-bullmq.ts", source)).toHaveLength(1);
  });

  test("where the table names one file of a room, the others stay out of reach", () => {
    expect(findViolations("protocol/turn.ts", 'import { NatterError } from "../foundation/errors.ts";')).toEqual([]);
    expect(findViolations("protocol/turn.ts", 'import { createId } from "../foundation/ids.ts";')).toHaveLength(1);
  });

  test("a computed import, a way out of the rooms and a room without a line are refused", () => {
    expect(findViolations("engine/run.ts", "await import(name);")).toHaveLength(1);
    expect(findViolations("engine/run.ts", 'import "../../scripts/rooms.ts";')).toHaveLength(1);
    expect(findViolations("engine/run.ts", 'import "../natter.ts";')).toHaveLength(1);
    expect(findViolations("attic/box.ts", 'import "node:fs";')).toHaveLength(1);
  });

  test("the composition root, tests and the harness may import anything", () => {
    const source = 'import "./engine/claim.ts"; import "../engine/claim.ts";';
    expect(findViolations("natter.ts", source)).toEqual([]);
    expect(findViolations("http/chat.test.ts", source)).toEqual([]);
    expect(findViolations("testing/harness.ts", source)).toEqual([]);
  });
});

describe("packages", () => {
  test("the protocol takes values of zod and types of ai, and nothing of node", () => {
    expect(
      findViolations("protocol/chunk.ts", 'import { z } from "zod"; import type { UIMessage } from "ai";'),
    ).toEqual([]);
    expect(findViolations("protocol/chunk.ts", 'import { type UIMessage } from "ai";')).toEqual([]);
    expect(findViolations("protocol/chunk.ts", 'import { generateId } from "ai";')).toHaveLength(1);
    expect(findViolations("protocol/chunk.ts", 'import { join } from "node:path";')).toHaveLength(1);
    expect(findViolations("react/chat.tsx", 'import { Hono } from "@hono/node-server/x";')).toHaveLength(1);
  });
});

describe("the environment", () => {
  test.each([
    "const port = process.env.PORT;",
    'const port = process["env"].PORT;',
    "const { env } = process;",
    "const port = globalThis.process.env.PORT;",
    'import { env } from "node:process";',
    'import { env as environment } from "node:process";',
  ])("only config reads it: %s", (source) => {
    expect(findViolations("http/server/server.ts", source)).toHaveLength(1);
    expect(findViolations("natter.ts", source)).toHaveLength(1);
    expect(findViolations("config/environment.ts", source)).toEqual([]);
  });
});

test("an empty folder fails, because a check of nothing proves nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "natter-boundaries-"));
  expect(() => checkBoundaries(folder)).toThrow("nothing was checked");
  await rm(folder, { recursive: true });
});

test("a file that does not parse fails", () => {
  expect(() => findViolations("http/chat.ts", "import {")).toThrow("src/http/chat.ts");
});
