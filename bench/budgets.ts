import type { Figures } from "./figures.ts";

type Budget = readonly (readonly [figure: keyof Figures, limit: number])[];

const always: Budget = [
  ["lost", 0],
  ["duplicated", 0],
  ["errors", 0],
];
const natter: Budget = [...always, ["slopeToPipe", 2], ["addedAtOne", 8], ["addedAtFifty", 25]];

/** What each target may cost at most, in the units of `Figures`. */
const budgets: Readonly<Record<string, Budget>> = {
  direct: always,
  "raw pipe": always,
  "AI SDK on Hono": always,
  "Natter on PGlite": [...natter, ["fixedCpu", 9]],
  "Natter on PostgreSQL": [...natter, ["fixedCpu", 4]],
};

/** One sentence for each figure that is over its budget, or that has a budget and was not measured. */
export const findExcesses = (target: string, figures: Figures): string[] =>
  (budgets[target] ?? []).flatMap(([name, limit]) => {
    const value = figures[name];
    if (value === undefined) return [`${target}: ${name} was not measured; its budget is ${limit}`];
    return value > limit ? [`${target}: ${name} is ${Number(value.toFixed(2))}, its budget ${limit}`] : [];
  });
