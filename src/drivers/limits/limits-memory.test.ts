import { expect, test } from "vitest";
import { rateLimitStoreConformance } from "../../testing/conformance/rate-limit-store-conformance.ts";
import { createMemoryLimits } from "./limits-memory.ts";

const createClock = () => {
  let milliseconds = 0;
  return { now: () => milliseconds, pass: async (seconds: number) => void (milliseconds += seconds * 1_000) };
};

rateLimitStoreConformance("createMemoryLimits", () => {
  const { now, pass } = createClock();
  const store = createMemoryLimits({ now });
  return { nodes: [store, store], pass, close: () => store.close() };
});

test("S43: no more windows are remembered than it may, the first ones are forgotten", async () => {
  const store = createMemoryLimits({ windowsAtMost: 1_000 });
  const rules = [{ limit: 1, windowSeconds: 3_600 }];
  for (let number = 0; number < 5_000; number += 1) await store.take(`user-${number}`, rules);
  expect((await store.take("user-4999", rules)).isAllowed).toBe(false);
  expect((await store.take("user-0", rules)).isAllowed).toBe(true);
  await store.close();
});
