import type remendFunction from "remend";

type Remend = typeof remendFunction;

/** Rules that would show a finished text in another way than the unfinished one stay off. */
const completion = {
  linkMode: "text-only",
  images: false,
  htmlTags: false,
  singleTilde: false,
  comparisonOperators: false,
} as const;

let remend: Remend = (text) => text;

const load = async (): Promise<void> => {
  try {
    remend = (await import("remend")).default;
  } catch (error) {
    console.warn("what is not finished is shown as it is written", error);
  }
};

/** Resolves when texts are completed; until then, which is before anything is streamed, they stay as they are. */
export const canComplete: Promise<void> = load();

/** A text that is not finished, with the marks closed that are open at its end. */
export const completeText = (text: string): string => remend(text, completion);
