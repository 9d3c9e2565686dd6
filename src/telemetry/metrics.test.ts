import { expect, test } from "vitest";
import { silentLogger } from "../foundation/logger.ts";
import { createBacklogReader } from "./read-backlog.ts";
import { createMetrics } from "./metrics.ts";

const backlog = { queued: 1, running: 2, waiting: 3, dueSeconds: 4, leaseAgeSeconds: 5 };

test("F10 metrics of the node are told while the database is down", async () => {
  const metrics = await createMetrics({
    backlog: () => Promise.reject(new Error("no database")),
    pools: () => ({ requests: { inUse: 10, waiting: 3, size: 10 } }),
    logger: silentLogger,
  });
  metrics.countAccepted();
  const { text } = await metrics.render();
  expect(text).toContain("natter_database_up 0");
  expect(text).toContain("natter_messages_accepted_total 1");
  expect(text).toContain('natter_database_connections{pool="requests",state="waiting"} 3');
  expect(text).not.toMatch(/^natter_queue_depth\{/m);
});

test("whoever scrapes often asks the database once a second", async () => {
  let reads = 0;
  let now = 0;
  const read = async () => {
    reads += 1;
    return backlog;
  };
  const readBacklog = createBacklogReader(read, silentLogger, () => now);
  await Promise.all(Array.from({ length: 50 }, () => readBacklog()));
  now = 999;
  await readBacklog();
  expect(reads).toBe(1);
  now = 1_000;
  expect(await readBacklog()).toEqual(backlog);
  expect(reads).toBe(2);
});
