import { type Figures, quietLimit } from "./figures.ts";

const columns: Readonly<Record<string, (figures: Figures) => number | undefined>> = {
  "CPU ms per 1,000 tokens": ({ slope }) => slope,
  "to the pipe": ({ slopeToPipe }) => slopeToPipe,
  "fixed CPU ms": ({ fixedCpu }) => fixedCpu,
  "… existing": ({ fixedCpuExisting }) => fixedCpuExisting,
  "… 10 tokens": ({ shortCpu }) => shortCpu,
  "database CPU ms": ({ databaseCpu }) => databaseCpu,
  "first token + ms at 1": ({ addedAtOne }) => addedAtOne,
  "at 50": ({ addedAtFifty }) => addedAtFifty,
  "memory MB": ({ memory }) => memory,
  lost: ({ lost }) => lost,
  duplicated: ({ duplicated }) => duplicated,
  errors: ({ errors }) => errors,
  others: ({ others }) => others,
};

const format = (value: number | undefined): string => {
  if (value === undefined) return "–";
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 0);
};

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The figures as a Markdown table; a target that others disturbed in every round is marked with `~`. */
export const formatTable = (figures: Readonly<Record<string, Figures>>): string =>
  [
    line(["target", ...Object.keys(columns)]),
    line(["target", ...Object.keys(columns)].map(() => "---")),
    ...Object.entries(figures).map(([target, of]) => {
      const name = of.others > quietLimit ? `~ ${target}` : target;
      return line([name, ...Object.values(columns).map((column) => format(column(of)))]);
    }),
  ].join("\n");
