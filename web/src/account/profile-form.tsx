import type { Account } from "natter/client";
import { useState, type ChangeEvent } from "react";
import { Refusal } from "../ui/page/refusal.tsx";
import { useDeed } from "../ui/page/use-deed.ts";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button/button.tsx";
import { Field } from "../ui/form/field.tsx";
import { accountTexts } from "./account-texts.ts";

/** Name and address; another address needs the password. */
export const ProfileForm = ({ account: known }: { readonly account: Account }) => {
  const { account } = useNatter();
  const deed = useDeed("account", "me");
  const [name, setName] = useState(known.name);
  const [email, setEmail] = useState(known.email);
  const [password, setPassword] = useState("");
  const [isSaved, setIsSaved] = useState(false);
  const isMoved = email.trim().toLowerCase() !== known.email;
  const edit =
    (set: (value: string) => void) =>
    ({ target }: ChangeEvent<HTMLInputElement>): void => {
      setIsSaved(false);
      set(target.value);
    };
  const save = async (): Promise<void> => {
    setIsSaved(false);
    const address = isMoved ? { email: email.trim(), currentPassword: password } : {};
    await account.change({ name: name.trim(), ...address });
    setPassword("");
    setIsSaved(true);
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        deed.act(save);
      }}
    >
      <Field
        label={accountTexts.name}
        dir="auto"
        autoComplete="name"
        required
        maxLength={100}
        value={name}
        onChange={edit(setName)}
      />
      <Field
        label={accountTexts.email}
        hint={accountTexts.emailHint}
        type="email"
        autoComplete="username"
        required
        maxLength={320}
        value={email}
        onChange={edit(setEmail)}
      />
      {isMoved && (
        <Field
          label={accountTexts.currentPassword}
          hint={accountTexts.passwordNeeded}
          type="password"
          autoComplete="current-password"
          required
          maxLength={128}
          value={password}
          onChange={edit(setPassword)}
        />
      )}
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" disabled={deed.isBusy || name.trim() === ""}>
          {accountTexts.save}
        </Button>
        <p role="status" className="text-13 text-text-3">
          {isSaved && accountTexts.saved}
        </p>
      </div>
      <Refusal error={deed.error} />
    </form>
  );
};
