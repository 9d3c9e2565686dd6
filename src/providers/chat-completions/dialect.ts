type Options = Readonly<Record<string, unknown>>;

/** What tells one server of Chat Completions from another. */
export interface Dialect {
  /** The role of the instructions. */
  readonly instructionsRole: "system" | "developer";
  readonly maxTokens: "max_tokens" | "max_completion_tokens";
  /** Which settings may be sent: temperature and top_p, the penalties as well, or none of them. */
  readonly sampling: "all" | "temperature" | "none";
  /** The member of an assistant's message that takes its reasoning back; null: the server refuses it. */
  readonly reasoning: "reasoning_content" | "reasoning" | null;
  /**
   * Whose reasoning goes back: of all messages, or of those behind the last message of a person. `always`: of all, and
   * the member may not be absent.
   */
  readonly reasoningOf: "all" | "last" | "always";
  /** A conversation's options for this provider, as the server takes them. */
  options(options: Options): Options;
}

/** What most servers take. OpenAI's reasoning models refuse `max_tokens`; older servers know nothing else. */
export const compatibleDialect = (modelId: string): Dialect => ({
  instructionsRole: "system",
  maxTokens: /(^|\/)(o\d|gpt-5)/.test(modelId) ? "max_completion_tokens" : "max_tokens",
  sampling: "all",
  reasoning: "reasoning_content",
  reasoningOf: "all",
  options: (options) => options,
});
