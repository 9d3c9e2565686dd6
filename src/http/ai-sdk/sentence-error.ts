import { asNatterError, NatterError } from "../../foundation/errors.ts";

/** An error that is told as one plain sentence: useChat shows a person the whole body of a refusal. */
export class SentenceError extends NatterError {}

/** Any thrown value as an error that is told as a sentence. */
export const asSentenceError = (thrown: unknown): SentenceError => {
  if (thrown instanceof SentenceError) return thrown;
  const { code, message, retryAfter, cause } = asNatterError(thrown);
  return new SentenceError(code, message, { cause, ...(retryAfter === undefined ? {} : { retryAfter }) });
};
