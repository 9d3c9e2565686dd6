import { decodeEntities } from "./entities.ts";

const stackedMarks = /(\p{M}{8})\p{M}+/gu;

/** Marks stacked on one letter beyond eight are left out: thousands of them paint over the page and stop the browser. */
export const withoutStacks = (text: string): string => text.replaceAll(stackedMarks, "$1");

/** Text of a Markdown token as it is to be read. */
export const safeText = (text: string): string => withoutStacks(decodeEntities(text));
