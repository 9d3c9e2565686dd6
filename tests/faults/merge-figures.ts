type Figures = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Figures =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const merge = (left: unknown, right: unknown): unknown => {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (isRecord(left) && isRecord(right)) return mergeFigures([left, right]);
  return right ?? left;
};

/** Adds up what was counted side by side. */
export const mergeFigures = (all: readonly Figures[]): Figures => {
  const sum: Record<string, unknown> = {};
  for (const figures of all) for (const [name, figure] of Object.entries(figures)) sum[name] = merge(sum[name], figure);
  return sum;
};
