/** What a question wants of the numbered provider. It travels as the text of the message. */
export interface AnswerPlan {
  /** No other question has it. */
  readonly question: string;
  /** Of each step. */
  readonly tokens: number;
  /** Milliseconds before each token. */
  readonly delay: number;
  /** Calls that the first step asks for. */
  readonly tools?: number;
  /** How long each of them works. */
  readonly toolMilliseconds?: number;
  /** They work without giving anything else of their process a turn. */
  readonly toolBlocks?: boolean;
  /** What each token weighs besides. */
  readonly tokenBytes?: number;
  /** The connection stays open and silent: from its first byte, or when the tokens are said. */
  readonly hangs?: "silent" | "told";
}

/** The number of steps that an answer with this plan has. */
export const stepsOf = (plan: AnswerPlan): number => ((plan.tools ?? 0) > 0 ? 2 : 1);

const ornaments = ["", "é", "", "中文", "", "👩‍🚀"];

/** Token by token, what a call says: it begins with the call's number, so that no two calls agree. */
export const tokensOf = (
  call: number,
  { tokens, tokenBytes = 0 }: Pick<AnswerPlan, "tokens" | "tokenBytes">,
): string[] =>
  Array.from(
    { length: tokens },
    (_, index) => `@${call}.${index}${ornaments[index % ornaments.length]}${"x".repeat(tokenBytes)};`,
  );

/** How many tokens of one call a text holds. */
export const countTokens = (text: string): number => text.split(";").length - 1;
