import { expect, test } from "vitest";
import { queueConformance } from "../../testing/conformance/queue-conformance.ts";
import { createTableQueue } from "./queue-table.ts";
import { createMemorySignals } from "../signals/signals-memory.ts";

queueConformance("createTableQueue", ({ pollSeconds }) => {
  const signals = createMemorySignals();
  const nodes = [createTableQueue({ signals, pollSeconds }), createTableQueue({ signals, pollSeconds })] as const;
  return {
    nodes,
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
      await signals.close();
    },
  };
});

test("a signal that is no key wakes without one", async () => {
  const signals = createMemorySignals();
  const queue = createTableQueue({ signals, pollSeconds: 3_600 });
  const wakes: unknown[] = [];
  await queue.consume((key) => wakes.push(key));
  for (const payload of ["", "{", "[]", '{"workspaceId":1}']) signals.publish("work", payload);
  expect(wakes).toEqual([undefined, undefined, undefined, undefined, undefined]);
  await queue.close();
});
