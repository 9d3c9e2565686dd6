import type { SignInOptions } from "natter/client";
import { Link } from "wouter";
import { EntryPage } from "./entry-page.tsx";
import { SignInPage } from "./sign-in-page.tsx";
import { signInTexts } from "./sign-in-texts.ts";
import { SignUpForm } from "./sign-up-form.tsx";

const setupToken = (): string | undefined => /^#setup=(.+)$/.exec(location.hash)?.[1];

/** Makes an account: the first one by the link that the server printed, others where anybody may. */
export const SignUpPage = ({ signUpNeeds }: SignInOptions) => {
  const setup = setupToken();
  if (signUpNeeds === "setup" && setup !== undefined) {
    return (
      <EntryPage title={signInTexts.firstTitle} text={signInTexts.firstText}>
        <SignUpForm setup={setup} />
      </EntryPage>
    );
  }
  if (signUpNeeds !== "nothing") return <SignInPage signUpNeeds={signUpNeeds} />;
  return (
    <EntryPage title={signInTexts.signUpTitle} text={signInTexts.signUpText}>
      <SignUpForm />
      <Link href="/sign-in" className="font-[570] text-accent-ink underline underline-offset-4">
        {signInTexts.haveAccount}
      </Link>
    </EntryPage>
  );
};
