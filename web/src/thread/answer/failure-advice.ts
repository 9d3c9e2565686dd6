/** What a person can do about a failure; at most one thing. */
export type FailureAction = "try-again" | "other-model" | "ask-admin";

export interface FailureAdvice {
  readonly sentence: string;
  readonly action: FailureAction;
  /** Seconds to let pass before trying again is of use. */
  readonly wait: number;
}

const advice = (action: FailureAction, sentence: string, wait = 0): FailureAdvice => ({ sentence, action, wait });

const byCode: Readonly<Record<string, FailureAdvice>> = {
  provider_busy: advice("try-again", "The model has too much to do right now.", 10),
  provider_misconfigured: advice("ask-admin", "This model is not set up correctly here."),
  provider_unreachable: advice("try-again", "The model's provider could not be reached.", 5),
  provider_refused: advice("other-model", "The model's provider refused to answer this."),
  provider_timeout: advice("try-again", "The model took too long to answer."),
  provider_failed: advice("try-again", "The model's provider had a failure."),
  model_not_available: advice("other-model", "This model is not available here."),
  rate_limited: advice("try-again", "You have sent as much as you may for the moment.", 30),
  crash_loop: advice("ask-admin", "The server stopped three times while it wrote this answer."),
  interrupted: advice("try-again", "The server was interrupted while it wrote this answer."),
  step_limit: advice("try-again", "The answer took more steps than it may."),
};

const isSentence = (text: string): boolean => /\S\s+\S/.test(text) && text.length <= 300;

/** A failure in the reader's words; the server's own sentence where its code is not known here. */
export const adviseOn = ({ code, message }: { readonly code: string; readonly message: string }): FailureAdvice =>
  (Object.hasOwn(byCode, code) ? byCode[code] : undefined) ??
  advice("try-again", isSentence(message) ? message : "Something went wrong while this answer was written.");
