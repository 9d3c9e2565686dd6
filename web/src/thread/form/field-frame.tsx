import { useId, type ReactNode } from "react";
import type { FormField } from "./form-field.ts";
import { formTexts } from "./form-texts.ts";

/** What an input needs to be tied to its label, its hint and what is wrong with it. */
export interface Described {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean | undefined;
  readonly "aria-required": boolean | undefined;
}

export interface FieldFrameProps {
  readonly field: FormField;
  readonly error: string | undefined;
  /** A group of inputs has a legend, a single one a label. */
  readonly isGroup?: boolean;
  readonly children: (described: Described) => ReactNode;
}

/** A label above, and below it what to know and what is wrong. */
export const FieldFrame = ({ field, error, isGroup = false, children }: FieldFrameProps) => {
  const id = useId();
  const note = error ?? field.hint;
  const noteId = note === null ? undefined : `${id}-note`;
  const described: Described = {
    id,
    "aria-describedby": noteId,
    "aria-invalid": error === undefined ? undefined : true,
    "aria-required": field.isRequired || undefined,
  };
  const words = (
    <>
      <span dir="auto">{field.label}</span>
      {!field.isRequired && <span className="ms-1.5 font-normal text-text-2">{formTexts.optional}</span>}
    </>
  );
  const below = note !== null && (
    <p id={noteId} dir="auto" className={`mt-1 text-12 ${error === undefined ? "text-text-2" : "text-danger"}`}>
      {note}
    </p>
  );
  const label = "mb-1 block text-13 font-[550]";
  if (isGroup) {
    return (
      <fieldset aria-describedby={noteId} className="min-w-0">
        <legend className={label}>{words}</legend>
        {children(described)}
        {below}
      </fieldset>
    );
  }
  return (
    <div className="min-w-0">
      {field.label !== "" && (
        <label htmlFor={id} className={label}>
          {words}
        </label>
      )}
      {children(described)}
      {below}
    </div>
  );
};
