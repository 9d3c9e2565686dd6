import type { TestProject } from "vitest/node";
import { NatterError } from "../foundation/errors.ts";
import { findChromium, findPostgresFolder, findRedis } from "./servers/find-program.ts";
import { pgliteTemplate, postgresTemplate } from "./databases/migrated-templates.ts";
import { startPostgres } from "./servers/postgres-server.ts";
import type { PrivateServer } from "./servers/private-server.ts";
import { startRedis } from "./servers/redis-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A private server's maintenance database: give each test file its own with `createTestDatabase`. */
    postgresUrl: string | null;
    /** The name of a migrated database on it, to be copied. */
    postgresTemplate: string | null;
    /** The file of a migrated database for PGlite. */
    pgliteTemplate: string;
    redisUrl: string | null;
    chromiumPath: string | null;
  }
}

const reportMissing = (missing: readonly string[]): void => {
  if (missing.length > 0 && process.env["NATTER_TEST_REQUIRE"] === "all") {
    throw new NatterError(
      "unavailable",
      `NATTER_TEST_REQUIRE=all, but ${missing.join(", ")} not found; install it, or unset the variable to skip its tests`,
    );
  }
  for (const name of missing) console.log(`skipped: the tests that need ${name}, which is not installed`);
};

/** Starts what the tests use and the machine has; `inject("postgresUrl")` and its like hand it to the test files. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const chromium = findChromium();
  const found = { PostgreSQL: findPostgresFolder(), Redis: findRedis(), Chromium: chromium };
  reportMissing(Object.entries(found).flatMap(([name, path]) => (path === null ? [name] : [])));

  const running: PrivateServer[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(running.map((server) => server.stop()));
  };
  const start = async (
    name: "postgresUrl" | "redisUrl",
    starting: Promise<PrivateServer> | null,
  ): Promise<string | null> => {
    const server = await starting;
    if (server) running.push(server);
    project.provide(name, server?.url ?? null);
    return server?.url ?? null;
  };
  const startMigrated = async (): Promise<void> => {
    const url = await start("postgresUrl", found.PostgreSQL === null ? null : startPostgres());
    project.provide("postgresTemplate", url === null ? null : await postgresTemplate(url));
  };
  const started = await Promise.allSettled([
    startMigrated(),
    start("redisUrl", found.Redis === null ? null : startRedis()),
    // Made once on a machine: test files that miss it at the same time would each make their own.
    pgliteTemplate().then((file) => project.provide("pgliteTemplate", file)),
  ]);
  project.provide("chromiumPath", chromium);
  const failed = started.find((outcome) => outcome.status === "rejected");
  if (failed) {
    await stopAll();
    throw failed.reason;
  }
  return stopAll;
};
