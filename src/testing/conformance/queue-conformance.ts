import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CompletionKey, Queue } from "../../ports/queue.ts";

/** Two nodes of one queue, and what closes them and whatever they stand on. */
export interface QueueNodes {
  readonly nodes: readonly [Queue, Queue];
  close(): Promise<void>;
}

const keyOf = (number: number): CompletionKey => ({ workspaceId: "w-1", completionId: `c-"${number}" 🐟` });

/** What every `Queue` must do; run unchanged on each driver. */
export const queueConformance = (
  name: string,
  createNodes: (options: { pollSeconds: number }) => QueueNodes | Promise<QueueNodes>,
): void => {
  describe(`${name} is a queue`, () => {
    let opened: QueueNodes;
    let here: Queue;
    let there: Queue;
    let wakes: (CompletionKey | undefined)[];
    const hear = (key?: CompletionKey): void => void wakes.push(key);
    const keys = (): CompletionKey[] => wakes.filter((key) => key !== undefined);

    const create = async (pollSeconds: number): Promise<void> => {
      opened = await createNodes({ pollSeconds });
      [here, there] = opened.nodes;
    };
    beforeEach(() => {
      wakes = [];
    });
    afterEach(() => opened.close());

    test("who begins to consume is woken once without a key: something may be due already", async () => {
      await create(3_600);
      await here.consume(hear);
      await expect.poll(() => wakes).toEqual([undefined]);
    });

    test("a push wakes consumers on every node with its key", async () => {
      await create(3_600);
      await here.consume(hear);
      await there.consume(hear);
      here.push(keyOf(1));
      await expect.poll(keys).toEqual([keyOf(1), keyOf(1)]);
      there.push(keyOf(2));
      await expect.poll(keys).toEqual([keyOf(1), keyOf(1), keyOf(2), keyOf(2)]);
    });

    test("without a push consumers are woken at least every poll interval", async () => {
      await create(0.05);
      await here.consume(hear);
      const startedAt = performance.now();
      await expect.poll(() => wakes.length, { timeout: 5_000, interval: 5 }).toBeGreaterThanOrEqual(5);
      expect(performance.now() - startedAt).toBeGreaterThan(100);
      expect(keys()).toEqual([]);
    });

    test("who stopped is not woken again, the others are", async () => {
      await create(0.05);
      const stop = await here.consume(hear);
      const stayed: CompletionKey[] = [];
      await here.consume((key) => key && stayed.push(key));
      stop();
      stop();
      const heard = wakes.length;
      there.push(keyOf(1));
      await expect.poll(() => stayed).toEqual([keyOf(1)]);
      expect(wakes.length).toBe(heard);
    });

    test("once closed it wakes nobody, and pushing or closing again is harmless", async () => {
      await create(0.05);
      await here.consume(hear);
      await here.close();
      const heard = wakes.length;
      const stayed: CompletionKey[] = [];
      await there.consume((key) => key && stayed.push(key));
      there.push(keyOf(1));
      await expect.poll(() => stayed.length).toBeGreaterThan(0);
      expect(wakes.length).toBe(heard);
      await here.close();
    });
  });
};
