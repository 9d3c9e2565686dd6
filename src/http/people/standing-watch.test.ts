import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { silentLogger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import type { Signals } from "../../ports/signals.ts";
import { setSuspended } from "../../store/identity/people.ts";
import { createSpine, type Spine } from "../../testing/spine.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createStandingWatch, type StandingWatch } from "./standing-watch.ts";

/** Loses everything that is told. */
const deaf: Signals = { publish: () => {}, subscribe: async () => () => {}, close: async () => {} };

describe.each(testDatabases)("S11 who may still watch, on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let standing: StandingWatch;

  beforeEach(async () => {
    database = await open();
    spine = await createSpine({ database, model: createScriptedModel(() => []) });
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    standing = createStandingWatch({ database, signals: deaf, logger: silentLogger, forgetUser: () => {} });
  });
  afterEach(async () => {
    standing.close();
    vi.useRealTimers();
    await spine.close();
    await database.close();
  });

  test("is looked at within five seconds although every signal was lost, and nobody else is cut", async () => {
    const [theirs, others] = [new AbortController(), new AbortController()];
    const { principal } = spine;
    const other = await createSpine({ database, model: createScriptedModel(() => []) });
    standing.watch(principal, { signal: theirs.signal, cut: () => theirs.abort() });
    standing.watch(other.principal, { signal: others.signal, cut: () => others.abort() });
    await setSuspended(database, principal.userId, true);
    vi.advanceTimersByTime(4_999);
    await expect.poll(() => theirs.signal.aborted).toBe(true);
    expect(others.signal.aborted).toBe(false);
    await other.close();
  });
});
