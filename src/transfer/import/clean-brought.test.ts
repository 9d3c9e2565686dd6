import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanMessages } from "./clean-brought.ts";

const id = fc.nat(12).map((number) => `message-number-${number}`);
const message = fc.record({ id, parentId: fc.option(id, { freq: 4 }) }).map((place) => ({
  ...place,
  role: "user" as const,
  parts: [],
  metadata: null,
  createdAt: "2026-01-01T00:00:00.000Z",
  deletedAt: null,
  vote: null,
}));

test("whatever parents a file names (none, later ones, circles, ids that stand twice), messages are a tree with all of them, parents first", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
      const cleaned = cleanMessages(messages, "user");
      const seen = new Set<string | null>([null]);
      for (const { id: own, parentId } of cleaned.messages) {
        expect([seen.has(parentId), seen.has(own)]).toEqual([true, false]);
        seen.add(own);
      }
      const numbers = cleaned.messages.map(({ sequence }) => sequence).toSorted((a, b) => a - b);
      expect(numbers).toEqual(messages.map((_, index) => index + 1));
    }),
  );
});

test("a parent that is there, and no circle, is the parent", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { minLength: 10 }), (order) => {
      const chain = order.map((number) => ({
        ...fc.sample(message, 1)[0]!,
        id: `message-number-${number}`,
        parentId: number === 1 ? null : `message-number-${number - 1}`,
      }));
      const { messages } = cleanMessages(chain, "user");
      expect(messages.map(({ id: own }) => own)).toEqual(
        order.toSorted((a, b) => a - b).map((number) => `message-number-${number}`),
      );
    }),
  );
});
