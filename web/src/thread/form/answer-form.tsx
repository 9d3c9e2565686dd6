import type { ClientResult } from "natter/client";
import { useRef, useState } from "react";
import { Button } from "../../ui/button/button.tsx";
import { DenyForm } from "../questions/deny-form.tsx";
import { toolTexts } from "../tools/tool-texts.ts";
import { initialDraft, readDraft, type FormErrors } from "./form-draft.ts";
import { FormFields } from "./form-fields.tsx";
import { formTexts } from "./form-texts.ts";
import type { FormPlan } from "./read-schema.ts";

export interface AnswerFormProps {
  readonly plan: FormPlan;
  /** Whether an answer is on its way. */
  readonly isGiven: boolean;
  /** Why the last one was not taken. */
  readonly problem: string | null;
  readonly onAnswer: (result: ClientResult) => void;
}

const noErrors: FormErrors = {};

/** The fields of a plan, to be filled in and sent, or not. */
export const AnswerForm = ({ plan, isGiven, problem, onAnswer }: AnswerFormProps) => {
  const [draft, setDraft] = useState(() => initialDraft(plan.fields));
  const [errors, setErrors] = useState(noErrors);
  const [isDeclining, setIsDeclining] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const submit = (): void => {
    const reading = readDraft(plan, draft);
    if ("value" in reading) return onAnswer({ output: reading.value });
    setErrors(reading.errors);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
  };
  const failures = Object.keys(errors).length;
  const status = isGiven ? toolTexts.deciding : failures > 0 ? formTexts.fix(failures) : "";
  return (
    <>
      <form
        ref={form}
        noValidate
        aria-label={formTexts.answer}
        className="mt-3"
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isDeclining) submit();
        }}
      >
        <FormFields
          fields={plan.fields}
          draft={draft}
          errors={errors}
          onChange={(next) => {
            setDraft(next);
            setErrors(noErrors);
          }}
        />
        {!isDeclining && (
          <div className="mt-3.5 flex flex-wrap items-center gap-2">
            <Button look="primary" type="submit" aria-disabled={isGiven} className="max-wide:h-[42px] max-wide:w-full">
              {formTexts.submit}
            </Button>
            <Button
              look="plain"
              className="hover:bg-surface max-wide:h-[42px] max-wide:w-full"
              onClick={() => setIsDeclining(true)}
            >
              {formTexts.decline}
            </Button>
          </div>
        )}
      </form>
      {isDeclining && (
        <DenyForm
          label={formTexts.declineReason}
          action={formTexts.decline}
          isDisabled={isGiven}
          onBack={() => setIsDeclining(false)}
          onDeny={(reason) =>
            onAnswer({ errorText: reason === "" ? formTexts.declined : formTexts.declinedBecause(reason) })
          }
        />
      )}
      <p role="status" className="text-13 text-text-2 not-empty:mt-2.5">
        {problem ?? status}
      </p>
    </>
  );
};
