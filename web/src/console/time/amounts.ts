import { formatDuration } from "../../thread/answer/format-amounts.ts";
import { consoleTexts } from "../console-texts.ts";

const dollars = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  minimumFractionDigits: 2,
  maximumFractionDigits: 6,
});

/** Millionths of a dollar to the last of them. */
export const formatExactCost = (micros: number | null): string =>
  micros === null ? consoleTexts.none : dollars.format(micros / 1_000_000);

/** How long it took, or has taken until now. */
export const formatSpan = (from: string | null, to: string | null): string =>
  from === null ? consoleTexts.none : formatDuration((to === null ? Date.now() : Date.parse(to)) - Date.parse(from));
