/** Milliseconds, or a text of a number and its unit: `"500ms"`, `"30s"`, `"10m"`, `"24h"`, `"7d"`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A timer of Node takes no more: about 24 days. */
const longest = 2 ** 31 - 1;

/**
 * A duration in milliseconds.
 * @throws TypeError for what is no duration, for one that is not above 0, and for one of more than 24 days
 */
export const toMilliseconds = (duration: Duration): number => {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(duration)) ?? [];
  const milliseconds = typeof duration === "number" ? duration : Number(amount) * (units[unit] ?? Number.NaN);
  if (milliseconds > 0 && milliseconds <= longest) return milliseconds;
  throw new TypeError(`"${duration}" is no duration; use milliseconds or a text like "10m", up to "24d".`);
};
