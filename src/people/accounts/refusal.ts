import { NatterError } from "../../foundation/errors.ts";
import { longestPassword, shortestPassword } from "./engine.ts";

interface ApiError {
  readonly body?: { readonly code?: string | undefined } | undefined;
}

const badPassword = (): NatterError =>
  new NatterError("unprocessable", `A password has ${shortestPassword} to ${longestPassword} characters.`);

/** What better-auth refuses, in our words; anything else as it is. */
export const refusalOf = (thrown: unknown, isApiError: (thrown: unknown) => thrown is ApiError): unknown => {
  if (!isApiError(thrown)) return thrown;
  switch (thrown.body?.code) {
    case "INVALID_EMAIL_OR_PASSWORD":
      return new NatterError("unauthenticated", "E-mail or password is wrong.", { cause: thrown });
    case "INVALID_PASSWORD":
      return new NatterError("unauthenticated", "The current password is wrong.", { cause: thrown });
    case "INVALID_EMAIL":
      return new NatterError("unprocessable", "This is no e-mail address.", { cause: thrown });
    case "PASSWORD_TOO_SHORT":
    case "PASSWORD_TOO_LONG":
      return badPassword();
    case "USER_ALREADY_EXISTS":
    case "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL":
      return new NatterError("conflict", "There is an account with this e-mail address already; sign in.", {
        cause: thrown,
      });
    default:
      return new NatterError("unavailable", "Accounts could not be asked; try again.", { cause: thrown });
  }
};
