import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BranchMessage, BranchView, PathSummary } from "../../completions/claim.ts";
import type { ModelMessage } from "../../protocol/agent/model.ts";
import { foldChunks, tellableAnswer } from "../../testing/providers/arbitrary-answer.ts";
import { testRuns } from "../../testing/test-runs.ts";
import { chooseWindow } from "./choose-window.ts";
import { createContext, estimateBranch, type WindowLimits } from "../context/context.ts";
import { summaryDue } from "./summary-due.ts";

const models = { estimateTokens: (text: string) => Math.ceil(text.length / 4) };

interface Node extends BranchMessage {
  readonly parent: number | null;
}

/** A tree as conversations grow it: each message hangs under any earlier one. */
const tree: fc.Arbitrary<Node[]> = fc
  .array(
    fc.record({
      under: fc.nat(),
      role: fc.constantFrom("user", "assistant", "assistant", "user", "system") as fc.Arbitrary<BranchMessage["role"]>,
      words: fc.string({ maxLength: 60 }),
      answer: tellableAnswer,
    }),
    { minLength: 1, maxLength: 24 },
  )
  .map((drawn) =>
    drawn.map(({ under, role, words, answer }, index) => ({
      id: `m${index}`,
      role,
      // mostly one below the other, so that branches are long
      parent: index === 0 ? null : under % 4 === 0 ? under % index : index - 1,
      parts: role === "assistant" ? foldChunks(answer.chunks).parts : [{ type: "text" as const, text: words }],
    })),
  );

const limits: fc.Arbitrary<WindowLimits> = fc.record({
  messages: fc.integer({ min: 1, max: 12 }),
  tokens: fc.option(fc.integer({ min: 30, max: 600 }), { nil: null }),
});

const pathTo = (nodes: readonly Node[], leaf: number): Node[] => {
  const path: Node[] = [];
  for (let at: number | null = leaf; at !== null; at = nodes[at]?.parent ?? null) {
    const node = nodes[at];
    if (node !== undefined) path.unshift(node);
  }
  return path;
};

const question = (id: string): BranchMessage => ({ id, role: "user", parts: [{ type: "text", text: "and now?" }] });

/** What a summary up to the last of these messages stands for, told by their ids. */
const summaryOf = (path: readonly BranchMessage[]): PathSummary => ({
  text: path.map(({ id }) => id).join(" "),
  instructions: "",
  messages: path.filter(({ role }) => role !== "system").length,
});

/** A path as a claim reads it, with the summaries that are known. */
const viewOf = (path: readonly BranchMessage[], known: ReadonlyMap<string, PathSummary>, most: number): BranchView => {
  const told = path.map((message) => ({ ...message, summary: known.get(message.id) ?? null }));
  const branch = told.slice(-most);
  return { branch, isWhole: branch.length === told.length, earlier: told.at(-most - 1)?.summary ?? null };
};

const callsOf = (message: ModelMessage | undefined): string[] =>
  message?.role === "assistant" && Array.isArray(message.content)
    ? message.content.flatMap((part) =>
        part.type === "tool-call" && part.providerExecuted !== true ? [part.toolCallId] : [],
      )
    : [];
const resultsOf = (message: ModelMessage | undefined): string[] =>
  message?.role === "tool"
    ? message.content.flatMap((part) => (part.type === "tool-result" ? [part.toolCallId] : []))
    : [];

describe("C7 D7 what a model is shown of any branch of any tree", () => {
  const drawn = fc.record({
    nodes: tree,
    leaf: fc.nat(),
    summarised: fc.array(fc.nat(), { maxLength: 4 }),
    within: limits,
  });
  const read = ({
    nodes,
    leaf,
    summarised,
    within,
  }: {
    nodes: Node[];
    leaf: number;
    summarised: number[];
    within: WindowLimits;
  }) => {
    const path = [...pathTo(nodes, leaf % nodes.length), question("last")];
    const known = new Map(
      summarised.map((at) => {
        const covered = pathTo(nodes, at % nodes.length);
        return [covered.at(-1)?.id ?? "", summaryOf(covered)] as const;
      }),
    );
    return {
      path,
      view: viewOf(path, known, within.messages),
      window: chooseWindow(models, viewOf(path, known, within.messages), within),
    };
  };

  it("holds each call with its result, or neither", () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const messages = createContext(read(given).window);
        for (const [index, message] of messages.entries()) {
          expect(resultsOf(messages[index + 1])).toEqual(callsOf(message));
          expect(message.role === "tool" && callsOf(messages[index - 1]).length === 0).toBe(false);
        }
        expect(messages[0]?.role).toBe("user");
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("is within the limits, and ends with the question", () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const { window } = read(given);
        expect(window.messages.at(-1)?.id).toBe("last");
        expect(window.messages.length).toBeLessThanOrEqual(given.within.messages);
        const tokens = estimateBranch(models, window.messages) + models.estimateTokens(window.summary?.text ?? "");
        const isFree = given.within.tokens === null || window.messages.length === 1;
        expect(isFree || tokens <= (given.within.tokens ?? 0)).toBe(true);
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("has a summary of exactly what fell out, of this branch and no other, or says that something is missing", () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const { path, view, window } = read(given);
        const covered = window.summary === null ? [] : window.summary.text.split(" ");
        const shown = window.messages.map(({ id }) => id);
        expect(path.map(({ id }) => id).slice(0, covered.length)).toEqual(covered);
        expect(covered.filter((id) => shown.includes(id))).toEqual([]);
        const isFolded = ({ id, role }: BranchMessage): boolean =>
          role === "system" && view.branch.some((message) => message.id === id);
        const missing = path.filter(
          (message) => !covered.includes(message.id) && !shown.includes(message.id) && !isFolded(message),
        );
        expect(window.isMissing).toBe(missing.length > 0);
      }),
      { numRuns: testRuns(500) },
    );
  });
});

const turns = fc.array(fc.record({ words: fc.string({ maxLength: 40 }), answer: tellableAnswer }), {
  minLength: 1,
  maxLength: 30,
});

describe("C7 a conversation whose summaries are made when they are due", () => {
  it("is shown whole on every turn, by itself or in the summary, as far as its last turn leaves room", () => {
    fc.assert(
      fc.property(turns, fc.integer({ min: 1, max: 12 }), (spoken, most) => {
        const within = { messages: most, tokens: null };
        const known = new Map<string, PathSummary>();
        const path: BranchMessage[] = [];
        for (const [turn, { words, answer }] of spoken.entries()) {
          path.push({ id: `q${turn}`, role: "user", parts: [{ type: "text", text: words }] });
          const view = viewOf(path, known, most);
          const window = chooseWindow(models, view, within);
          const covered = window.summary === null ? [] : window.summary.text.split(" ");
          expect([...covered, ...window.messages.map(({ id }) => id)]).toEqual(path.map(({ id }) => id));
          const given = { id: `a${turn}`, parts: foldChunks(answer.chunks).parts };
          const due = summaryDue(models, { branch: view.branch, answer: given, window, limits: within });
          path.push({ ...given, role: "assistant" });
          if (due !== null) known.set(due, summaryOf(path.slice(0, path.findIndex(({ id }) => id === due) + 1)));
        }
        expect(known.size).toBeLessThanOrEqual(Math.ceil((path.length * 2) / Math.max(1, most - 3)) + 1);
      }),
      { numRuns: testRuns(200) },
    );
  });

  it("orders none while all of it fits, and one for half a window of a hundred messages", () => {
    const path = Array.from({ length: 99 }, (_, index): BranchMessage => ({
      id: `m${index}`,
      role: index % 2 === 0 ? "user" : "assistant",
      parts: [{ type: "text", text: "words" }],
    }));
    const dueAfter = (count: number, tokens: number | null = null): string | null => {
      const view = viewOf(path.slice(0, count), new Map(), 100);
      const within = { messages: 100, tokens };
      const window = chooseWindow(models, view, within);
      return summaryDue(models, { branch: view.branch, answer: { id: "answer", parts: [] }, window, limits: within });
    };
    expect(dueAfter(97)).toBeNull();
    expect(dueAfter(99)).toBe("m51");
    expect(dueAfter(51, 6 * 70)).toBeNull();
    expect(dueAfter(55, 6 * 70)).toBe("m21");
  });
});
