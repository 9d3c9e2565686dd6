import type { ResolvedConfig } from "../../config/load-config.ts";

/** One line of `natter doctor`: `bad` keeps Natter from starting, `note` is worth knowing. */
export interface Finding {
  readonly state: "ok" | "note" | "bad";
  readonly about: string;
  readonly text: string;
  /** What to do. */
  readonly advice?: string;
}

export type Check = (config: ResolvedConfig) => Promise<readonly Finding[]>;

export const finding = (state: Finding["state"], about: string, text: string, advice?: string): Finding => ({
  state,
  about,
  text: text.replaceAll(/\s*\n\s*/g, " "),
  ...(advice === undefined ? {} : { advice }),
});

/** `work`, or a rejection after so many milliseconds. */
export const within = async <Result>(milliseconds: number, work: Promise<Result>): Promise<Result> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer for ${milliseconds / 1000} s`)), milliseconds);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};
