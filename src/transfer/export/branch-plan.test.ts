import fc from "fast-check";
import { expect, test } from "vitest";
import { planBranches } from "./branch-plan.ts";

const trees = fc.array(fc.option(fc.nat(), { freq: 5 }), { maxLength: 25 }).map((parents) =>
  parents.map((parent, index) => ({
    id: `message-${index}`,
    parent_id: parent === null || index === 0 ? null : `message-${parent % index}`,
  })),
);
const leaf = fc.option(fc.nat(30), { freq: 4 });

test("N10 each message of a tree is read once: the branch that is shown, then each one where it leaves another", () => {
  fc.assert(
    fc.property(trees, leaf, (nodes, number) => {
      const parentOf = new Map(nodes.map(({ id, parent_id: parent }) => [id, parent]));
      const plan = planBranches(nodes, number === null ? null : `message-${number}`);
      const branches = [plan.shown, ...plan.others.map(({ ids }) => ids)];
      expect(branches.flat().toSorted()).toEqual([...parentOf.keys()].toSorted());
      for (const ids of branches)
        for (const [index, id] of ids.slice(1).entries()) expect(parentOf.get(id)).toBe(ids[index]);
      const told = new Set(plan.shown);
      for (const { insteadOf, ids } of plan.others) {
        const [first = ""] = ids;
        expect(first).not.toBe("");
        const places = insteadOf === null ? [null, plan.shown.at(-1)] : [parentOf.get(insteadOf)];
        expect([insteadOf === null || told.has(insteadOf), places]).toEqual([
          true,
          expect.arrayContaining([parentOf.get(first)]),
        ]);
        for (const id of ids) told.add(id);
      }
      for (const { id, parent_id: parent } of nodes)
        expect(plan.versionsAt(id)).toBe(nodes.filter((other) => other.parent_id === parent).length);
    }),
  );
});

test("a question that was asked anew 200,000 times is planned in one pass", () => {
  const nodes = Array.from({ length: 200_000 }, (_, index) => ({ id: `message-${index}`, parent_id: null }));
  const plan = planBranches(nodes, "message-7");
  expect([plan.shown, plan.others.length]).toEqual([["message-7"], nodes.length - 1]);
  expect(new Set(nodes.map(({ id }) => plan.versionsAt(id)))).toEqual(new Set([nodes.length]));
});
