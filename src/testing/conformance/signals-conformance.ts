import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Signals } from "../../ports/signals.ts";

/** Two nodes that hear each other; for a driver that is one process the same object twice. */
export type SignalNodes = readonly [Signals, Signals];

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

/** What every `Signals` must do; run unchanged on each driver. */
export const signalsConformance = (name: string, createNodes: () => SignalNodes | Promise<SignalNodes>): void => {
  describe(`${name} are signals`, () => {
    let here: Signals;
    let there: Signals;

    beforeEach(async () => {
      [here, there] = await createNodes();
    });
    afterEach(async () => {
      await Promise.all([here.close(), there.close()]);
    });

    test("the publishing node's listeners are called before publish returns, and only once", async () => {
      const heard: string[] = [];
      await here.subscribe("work", (payload) => heard.push(payload));
      here.publish("work", "mine");
      expect(heard).toEqual(["mine"]);
      there.publish("work", "theirs");
      await expect.poll(() => heard).toEqual(["mine", "theirs"]);
    });

    test("other nodes hear each publisher's signals in order", async () => {
      const heard: string[] = [];
      await there.subscribe("work", (payload) => heard.push(payload));
      for (const number of numbers(300)) here.publish("work", number);
      await expect.poll(() => heard).toEqual(numbers(300));
      await new Promise((resolve) => setImmediate(resolve));
      for (const number of numbers(3)) here.publish("work", `later ${number}`);
      await expect.poll(() => heard.slice(300)).toEqual(["later 0", "later 1", "later 2"]);
    });

    test("any text of 4,000 bytes arrives unchanged", async () => {
      const heard: string[] = [];
      await there.subscribe("hint", (payload) => heard.push(payload));
      const payloads = ["", "🐟 'quoted' \"twice\" \\ \n\u2028 {}", "ß".repeat(2_000)];
      for (const payload of payloads) here.publish("hint", payload);
      await expect.poll(() => heard).toEqual(payloads);
    });

    test("channels don't mix", async () => {
      const heard: string[] = [];
      await Promise.all(
        (["work", "cancel", "hint"] as const).map((channel) =>
          there.subscribe(channel, (payload) => heard.push(`${channel} ${payload}`)),
        ),
      );
      here.publish("cancel", "a");
      here.publish("hint", "b");
      here.publish("work", "c");
      await expect.poll(() => heard.toSorted()).toEqual(["cancel a", "hint b", "work c"]);
    });

    test("who unsubscribed hears nothing more, the others do", async () => {
      const left: string[] = [];
      const stayed: string[] = [];
      const leave = await there.subscribe("work", (payload) => left.push(payload));
      await there.subscribe("work", (payload) => stayed.push(payload));
      here.publish("work", "a");
      await expect.poll(() => stayed).toEqual(["a"]);
      leave();
      leave();
      here.publish("work", "b");
      await expect.poll(() => stayed).toEqual(["a", "b"]);
      expect(left).toEqual(["a"]);
      const again: string[] = [];
      await there.subscribe("work", (payload) => again.push(payload));
      here.publish("work", "c");
      await expect.poll(() => again).toEqual(["c"]);
    });

    test("a listener that throws harms neither the publisher nor the other listeners", async () => {
      const heard: string[] = [];
      await here.subscribe("work", () => {
        throw new Error("a broken listener");
      });
      await here.subscribe("work", (payload) => heard.push(payload));
      here.publish("work", "a");
      expect(heard).toEqual(["a"]);
    });

    test("once closed it says nothing, and publishing or closing again is harmless", async () => {
      const heard: string[] = [];
      await here.subscribe("work", (payload) => heard.push(payload));
      await here.close();
      here.publish("work", "a");
      await here.close();
      expect(heard).toEqual([]);
    });
  });
};
