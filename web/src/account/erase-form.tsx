import { useState } from "react";
import { Refusal } from "../ui/page/refusal.tsx";
import { useDeed } from "../ui/page/use-deed.ts";
import { useNatter } from "../shell/natter-context.ts";
import { leaveBrowser } from "../kept/sign-out.ts";
import { ConfirmButton } from "../ui/button/confirm-button.tsx";
import { Field } from "../ui/form/field.tsx";
import { accountTexts } from "./account-texts.ts";

/** Erases the person who is signed in, for good. */
export const EraseForm = () => {
  const { account } = useNatter();
  const deed = useDeed();
  const [password, setPassword] = useState("");
  const erase = async (): Promise<void> => {
    await account.erase(password);
    await leaveBrowser();
  };
  return (
    <>
      <p className="mb-2.5 text-13 text-pretty text-text-2">{accountTexts.eraseHint}</p>
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-48 flex-1">
          <Field
            label={accountTexts.erasePassword}
            type="password"
            autoComplete="current-password"
            maxLength={128}
            value={password}
            onChange={({ target }) => setPassword(target.value)}
          />
        </div>
        <ConfirmButton
          label={accountTexts.erase}
          question={accountTexts.erase}
          disabled={deed.isBusy || password === ""}
          onConfirm={() => deed.act(erase)}
        />
      </div>
      <Refusal error={deed.error} />
    </>
  );
};
