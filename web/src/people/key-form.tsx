import type { CreateKeyBody, Role, Scope } from "natter/client";
import { useState } from "react";
import { Button } from "../ui/button/button.tsx";
import { CheckList } from "../ui/form/check-list.tsx";
import { Field } from "../ui/form/field.tsx";
import { SelectField } from "../ui/form/select-field.tsx";
import { peopleTexts } from "./people-texts.ts";
import type { Deed } from "../ui/page/use-deed.ts";

const msPerDay = 86_400_000;
const expiryOptions = (["90", "30", "365", "never"] as const).map((value) => ({
  value,
  label: peopleTexts.expiries[value],
}));
type Expiry = (typeof expiryOptions)[number]["value"];

const scopesFor = (role: Role): readonly Scope[] =>
  role === "owner" || role === "admin" ? ["read", "chat", "keys", "admin", "act-as"] : ["read", "chat", "keys"];

const expiresAtOf = (expiry: Expiry): string | undefined =>
  expiry === "never" ? undefined : new Date(Date.now() + Number(expiry) * msPerDay).toISOString();

export interface KeyFormProps {
  readonly role: Role;
  readonly deed: Deed;
  readonly onCreate: (body: CreateKeyBody) => Promise<void>;
}

/** What a new key is for, what it may do, and how long. */
export const KeyForm = ({ role, deed, onCreate }: KeyFormProps) => {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["read", "chat"]);
  const [expiry, setExpiry] = useState<Expiry>("90");
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        deed.act(() => onCreate({ name: name.trim(), scopes, expiresAt: expiresAtOf(expiry) }));
      }}
    >
      <div className="grid grid-cols-2 items-start gap-3 max-wide:grid-cols-1">
        <Field
          label={peopleTexts.keyName}
          hint={peopleTexts.keyNameHint}
          dir="auto"
          required
          maxLength={100}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <SelectField label={peopleTexts.expires} value={expiry} options={expiryOptions} onChange={setExpiry} />
      </div>
      <CheckList
        label={peopleTexts.scopes}
        options={scopesFor(role).map((value) => ({ value, label: peopleTexts.scopeLabels[value] }))}
        chosen={scopes}
        onChange={setScopes}
      />
      <Button
        type="submit"
        look="primary"
        disabled={deed.isBusy || scopes.length === 0 || name.trim() === ""}
        className="self-start"
      >
        {peopleTexts.makeKey}
      </Button>
    </form>
  );
};
