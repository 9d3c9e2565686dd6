import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { RateLimitStore } from "../../ports/rate-limit-store.ts";

/** Two nodes of one store, and what closes whatever they stand on. */
export interface LimitNodes {
  readonly nodes: readonly [RateLimitStore, RateLimitStore];
  /** Lets the store's clock go on by so many seconds, or waits until it has. */
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

const long = 3_600;

/** What every `RateLimitStore` must do; run unchanged on each driver. */
export const rateLimitStoreConformance = (name: string, createNodes: () => Promise<LimitNodes> | LimitNodes): void => {
  describe(`${name} counts what is taken`, () => {
    let opened: LimitNodes;
    let here: RateLimitStore;
    let there: RateLimitStore;
    beforeAll(async () => {
      opened = await createNodes();
      [here, there] = opened.nodes;
    });
    afterAll(() => opened.close());

    test("takes up to the limit are allowed and tell what is left; the next one is refused", async () => {
      const key = createId();
      const rule = { limit: 2, windowSeconds: long };
      const left: [boolean, number][] = [];
      for (const store of [here, there, here, there]) {
        const { isAllowed, standings } = await store.take(key, [rule]);
        left.push([isAllowed, standings[0]?.remaining ?? -1]);
        expect(standings[0]).toMatchObject({ rule });
        expect(standings[0]?.resetSeconds).toBeGreaterThan(long - 60);
        expect(standings[0]?.resetSeconds).toBeLessThanOrEqual(long);
      }
      expect(left).toEqual([
        [true, 1],
        [true, 0],
        [false, 0],
        [false, 0],
      ]);
    });

    test("of many at once exactly the limit is allowed, on whatever node", async () => {
      const key = createId();
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          (index % 2 === 0 ? here : there).take(key, [{ limit: 37, windowSeconds: long }]),
        ),
      );
      expect(outcomes.filter(({ isAllowed }) => isAllowed)).toHaveLength(37);
    });

    test("what one rule refuses is taken from none", async () => {
      const key = createId();
      const rules = [
        { limit: 10, windowSeconds: long },
        { limit: 1, windowSeconds: 2 * long },
      ];
      await here.take(key, rules);
      const refused = await here.take(key, rules);
      expect(refused.isAllowed).toBe(false);
      expect(refused.standings.map(({ remaining }) => remaining)).toEqual([9, 0]);
    });

    test("a cost counts as so many, more than is left is refused whole, and cost 0 only looks", async () => {
      const key = createId();
      const rules = [{ limit: 5, windowSeconds: long }];
      const unseen = await here.take(key, rules, 0);
      expect(unseen).toEqual({ isAllowed: true, standings: [{ rule: rules[0], remaining: 5, resetSeconds: long }] });
      expect((await here.take(key, rules, 3)).standings[0]?.remaining).toBe(2);
      expect((await here.take(key, rules, 3)).isAllowed).toBe(false);
      expect((await here.take(key, rules, 0)).standings[0]?.remaining).toBe(2);
      expect((await here.take(key, rules, 2)).isAllowed).toBe(true);
    });

    test("any sequence of costs is allowed as a sum that is kept by hand would have it", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 12 }),
          fc.integer({ min: 1, max: 20 }),
          async (costs, limit) => {
            const key = createId();
            let used = 0;
            for (const cost of costs) {
              const fits = used + cost <= limit;
              if (fits) used += cost;
              const outcome = await here.take(key, [{ limit, windowSeconds: long }], cost);
              expect(outcome.isAllowed).toBe(fits);
              expect(outcome.standings[0]?.remaining).toBe(limit - used);
            }
          },
        ),
        { numRuns: 30 },
      );
    });

    test("when its window is over a key has all of its units again, and longer windows go on", async () => {
      const key = createId();
      const rules = [
        { limit: 1, windowSeconds: 0.05 },
        { limit: 2, windowSeconds: long },
      ];
      expect((await here.take(key, rules)).isAllowed).toBe(true);
      await opened.pass(0.06);
      const again = await there.take(key, rules);
      expect(again.isAllowed).toBe(true);
      expect(again.standings.map(({ remaining }) => remaining)).toEqual([0, 0]);
      await opened.pass(0.06);
      expect((await here.take(key, rules)).isAllowed).toBe(false);
    });

    test("keys do not see each other, whatever they are made of, and one can be forgotten", async () => {
      const keys = [createId(), `${createId()} {a}:b`, "user:ü🐟", "60 x", "x"];
      const rules = [{ limit: 1, windowSeconds: long }];
      for (const key of keys) expect((await here.take(key, rules)).isAllowed).toBe(true);
      await there.forget("x");
      for (const key of keys) expect((await here.take(key, rules)).isAllowed).toBe(key === "x");
    });

    test("once closed it takes nothing", async () => {
      const closing = await createNodes();
      const [store] = closing.nodes;
      await store.close();
      await expect(store.take("a", [{ limit: 1, windowSeconds: 1 }])).rejects.toMatchObject({ code: "unavailable" });
      await expect(store.forget("a")).rejects.toMatchObject({ code: "unavailable" });
      await closing.close();
    });
  });
};
