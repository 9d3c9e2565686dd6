import type { BudgetPeriod, BudgetScope, SetBudgetBody } from "natter/client";
import { useState } from "react";
import type { Deed } from "../ui/page/use-deed.ts";
import { Button } from "../ui/button/button.tsx";
import { Field } from "../ui/form/field.tsx";
import { SelectField } from "../ui/form/select-field.tsx";
import { readAmount, type AmountProblem } from "./read-amount.ts";
import { workspaceTexts } from "./workspace-texts.ts";

const scopes = (["workspace", "user", "key"] as const).map((value) => ({
  value,
  label: workspaceTexts.scopes[value],
}));
const periods = (["day", "month", "total"] as const).map((value) => ({
  value,
  label: workspaceTexts.periods[value],
}));

const problemOf = (amount: number | AmountProblem | null): { readonly error?: string } =>
  typeof amount === "string" ? { error: workspaceTexts.amounts[amount] } : {};

export interface BudgetFormProps {
  readonly deed: Deed;
  readonly onSet: (body: SetBudgetBody) => void;
}

/** Sets a budget in place of an earlier one for the same. */
export const BudgetForm = ({ deed, onSet }: BudgetFormProps) => {
  const [scope, setScope] = useState<BudgetScope>("workspace");
  const [period, setPeriod] = useState<BudgetPeriod>("month");
  const [dollars, setDollars] = useState("");
  const [tokens, setTokens] = useState("");
  const limitMicros = readAmount(dollars, 6);
  const limitTokens = readAmount(tokens, 0);
  const isSaid = limitMicros !== null || limitTokens !== null;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof limitMicros === "string" || typeof limitTokens === "string" || !isSaid) return;
        onSet({ scope, period, limitMicros, limitTokens });
      }}
    >
      <div className="grid grid-cols-2 items-start gap-3 max-wide:grid-cols-1">
        <SelectField label={workspaceTexts.scope} value={scope} options={scopes} onChange={setScope} />
        <SelectField label={workspaceTexts.period} value={period} options={periods} onChange={setPeriod} />
        <Field
          label={workspaceTexts.dollars}
          hint={workspaceTexts.limitHint}
          {...problemOf(limitMicros)}
          inputMode="decimal"
          value={dollars}
          onChange={({ target }) => setDollars(target.value)}
        />
        <Field
          label={workspaceTexts.tokenLimit}
          hint={workspaceTexts.limitHint}
          {...problemOf(limitTokens)}
          inputMode="numeric"
          value={tokens}
          onChange={({ target }) => setTokens(target.value)}
        />
      </div>
      <Button type="submit" look="primary" disabled={deed.isBusy || !isSaid} className="self-start">
        {workspaceTexts.set}
      </Button>
    </form>
  );
};
