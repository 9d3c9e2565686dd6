import { useState } from "react";
import { Refusal } from "../ui/page/refusal.tsx";
import { useDeed } from "../ui/page/use-deed.ts";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button/button.tsx";
import { Field } from "../ui/form/field.tsx";
import { accountTexts } from "./account-texts.ts";

/** Changes the password, which ends every other session. */
export const PasswordForm = ({ email }: { readonly email: string }) => {
  const { account } = useNatter();
  const deed = useDeed("account");
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [isChanged, setIsChanged] = useState(false);
  const change = async (): Promise<void> => {
    setIsChanged(false);
    await account.changePassword(current, next);
    setCurrent("");
    setNext("");
    setIsChanged(true);
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        deed.act(change);
      }}
    >
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <div className="grid grid-cols-2 items-start gap-3 max-wide:grid-cols-1">
        <Field
          label={accountTexts.currentPassword}
          type="password"
          autoComplete="current-password"
          required
          maxLength={128}
          value={current}
          onChange={({ target }) => setCurrent(target.value)}
        />
        <Field
          label={accountTexts.newPassword}
          hint={accountTexts.passwordHint}
          type="password"
          autoComplete="new-password"
          required
          minLength={10}
          maxLength={128}
          value={next}
          onChange={({ target }) => setNext(target.value)}
        />
      </div>
      <div className="flex items-center gap-3">
        <Button type="submit" disabled={deed.isBusy}>
          {accountTexts.changePassword}
        </Button>
        <p role="status" className="text-13 text-pretty text-text-3">
          {isChanged && accountTexts.passwordChanged}
        </p>
      </div>
      <Refusal error={deed.error} />
    </form>
  );
};
