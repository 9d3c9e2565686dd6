import { describe, expect, test } from "vitest";
import { findExcesses } from "./budgets.ts";
import { figuresOf, type Round } from "./figures.ts";
import type { CaseResult } from "./measure-case.ts";

const spread = (p50: number) => ({ count: 10, p50, p99: p50, max: p50 });

const caseOf = (fields: Partial<CaseResult>): CaseResult => ({
  seconds: 1,
  completions: 10,
  tokens: 0,
  lost: 0,
  duplicated: 0,
  bytes: 0,
  errors: 0,
  firstError: undefined,
  firstToken: spread(1),
  duration: spread(1),
  cpuMilliseconds: 0,
  serverCpu: 0,
  databaseCpu: 0,
  upstreamCpu: 0,
  memory: 0,
  others: 0,
  ...fields,
});

/** A round of a server whose completion costs `fixed` and `slope` for each 1,000 tokens. */
const roundOf = (fixed: number, slope: number, rest: Partial<CaseResult> = {}): Round => ({
  one: caseOf({ ...rest }),
  fifty: caseOf({ ...rest }),
  medium: caseOf({ ...rest, serverCpu: (fixed + slope * 0.5) * 10 }),
  long: caseOf({ ...rest, serverCpu: (fixed + slope * 5) * 10 }),
});

const pipe = [roundOf(1, 3)];
const direct = [{ one: caseOf({ firstToken: spread(1) }), fifty: caseOf({ firstToken: spread(20) }) }];

describe("figuresOf", () => {
  test("draws the line through the two lengths of answers: slope, its ratio to the pipe, and what is fixed", () => {
    const figures = figuresOf([roundOf(4, 6)], pipe, direct);
    expect(figures.slope).toBeCloseTo(6);
    expect(figures.slopeToPipe).toBeCloseTo(2);
    expect(figures.fixedCpu).toBeCloseTo(4);
  });

  test("tells the first token beyond the provider's own, of the same round", () => {
    const rounds = [roundOf(4, 6, { firstToken: spread(31) })];
    expect(figuresOf(rounds, pipe, direct)).toMatchObject({ addedAtOne: 30, addedAtFifty: 11 });
  });

  test("leaves out rounds that others disturbed, unless there is no other", () => {
    const noisy = roundOf(40, 60, { others: 1 });
    expect(figuresOf([noisy, roundOf(4, 6)], [...pipe, ...pipe], direct)).toMatchObject({ others: 0 });
    expect(figuresOf([noisy, roundOf(4, 6)], [...pipe, ...pipe], direct).slope).toBeCloseTo(6);
    expect(figuresOf([noisy], pipe, direct)).toMatchObject({ others: 1 });
    expect(figuresOf([noisy], pipe, direct).slope).toBeCloseTo(60);
  });

  test("counts losses and errors of every round, also of disturbed ones", () => {
    const rounds = [roundOf(4, 6, { lost: 1, others: 1 }), roundOf(4, 6, { duplicated: 2, errors: 3 })];
    expect(figuresOf(rounds, pipe, direct)).toMatchObject({ lost: 4, duplicated: 8, errors: 12 });
  });

  test("what was not run is undefined, never zero", () => {
    const { slope, slopeToPipe, fixedCpuExisting } = figuresOf([{ one: caseOf({}) }], [], []);
    expect([slope, slopeToPipe, fixedCpuExisting]).toEqual([undefined, undefined, undefined]);
  });
});

describe("findExcesses", () => {
  const name = "Natter on PostgreSQL";
  const good = figuresOf([roundOf(3.9, 5.9, { firstToken: spread(8) })], pipe, direct);

  test("a target within its budgets has none", () => {
    expect(findExcesses(name, good)).toEqual([]);
  });

  test.each([
    ["slopeToPipe", 2.1],
    ["fixedCpu", 4.1],
    ["addedAtOne", 8.1],
    ["addedAtFifty", 25.1],
    ["lost", 1],
    ["duplicated", 1],
    ["errors", 1],
  ] as const)("%s of %d is told", (figure, value) => {
    expect(findExcesses(name, { ...good, [figure]: value })).toEqual([
      expect.stringContaining(`${figure} is ${value}`),
    ]);
  });

  test("a figure that was not measured is over its budget", () => {
    expect(findExcesses(name, { ...good, slopeToPipe: undefined })).toEqual([expect.stringContaining("not measured")]);
  });
});
