import { useNatter } from "../shell/natter-context.ts";
import { Field } from "../ui/form/field.tsx";
import { EntryForm } from "./entry-page.tsx";
import { signInTexts } from "./sign-in-texts.ts";
import { useEntry } from "./use-entry.ts";

export interface SignUpFormProps {
  /** What lets a new account in, where something is needed. */
  readonly invitation?: string | undefined;
  readonly setup?: string | undefined;
  readonly action?: string;
}

/** Name, e-mail and password of a new account. */
export const SignUpForm = ({ invitation, setup, action = signInTexts.signUp }: SignUpFormProps) => {
  const { account } = useNatter();
  const entry = useEntry((field) =>
    account.signUp({
      name: field("name"),
      email: field("email"),
      password: field("password"),
      invitation,
      setup,
    }),
  );
  return (
    <EntryForm entry={entry} action={action}>
      <Field label={signInTexts.name} name="name" autoComplete="name" required maxLength={100} />
      <Field label={signInTexts.email} name="email" type="email" autoComplete="username" required maxLength={320} />
      <Field
        label={signInTexts.password}
        hint={signInTexts.passwordHint}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        maxLength={128}
      />
    </EntryForm>
  );
};
