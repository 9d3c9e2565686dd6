import type { SignInOptions } from "natter/client";
import { Link } from "wouter";
import { EntryPage } from "./entry-page.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import { signInTexts } from "./sign-in-texts.ts";

/** Lets somebody in who has an account, and says how others get one. */
export const SignInPage = ({ signUpNeeds }: SignInOptions) => {
  if (signUpNeeds === "setup") return <EntryPage title={signInTexts.firstTitle} text={signInTexts.needsSetup} />;
  return (
    <EntryPage title={signInTexts.signIn}>
      <SignInForm />
      {signUpNeeds === "nothing" ? (
        <Link href="/sign-up" className="font-[570] text-accent-ink underline underline-offset-4">
          {signInTexts.noAccount}
        </Link>
      ) : (
        <p className="text-13 text-pretty text-text-2">{signInTexts.byInvitation}</p>
      )}
    </EntryPage>
  );
};
