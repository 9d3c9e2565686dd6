import { useNatter } from "../shell/natter-context.ts";
import { Field } from "../ui/form/field.tsx";
import { EntryForm } from "./entry-page.tsx";
import { signInTexts } from "./sign-in-texts.ts";
import { useEntry } from "./use-entry.ts";

export interface SignInFormProps {
  /** What else is done once the person is known. */
  readonly then?: (() => Promise<void>) | undefined;
}

/** E-mail and password of an account that is there. */
export const SignInForm = ({ then }: SignInFormProps) => {
  const { account } = useNatter();
  const entry = useEntry(async (field) => {
    await account.signIn(field("email"), field("password"));
    await then?.();
  });
  return (
    <EntryForm entry={entry} action={signInTexts.signIn}>
      <Field label={signInTexts.email} name="email" type="email" autoComplete="username" required maxLength={320} />
      <Field
        label={signInTexts.password}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        maxLength={128}
      />
    </EntryForm>
  );
};
