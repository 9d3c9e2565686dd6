import { FieldFrame } from "./field-frame.tsx";
import { FieldInput, isGroupOfInputs } from "./field-input.tsx";
import { pathOf, type FormDraft, type FormErrors } from "./form-draft.ts";
import type { FormField } from "./form-field.ts";

export interface FormFieldsProps {
  readonly fields: readonly FormField[];
  readonly draft: FormDraft;
  readonly errors: FormErrors;
  readonly onChange: (draft: FormDraft) => void;
  /** The path of the field that they belong to. */
  readonly parent?: string;
}

/** Fields one below the other, and those of a nested object within a frame. */
export const FormFields = ({ fields, draft, errors, onChange, parent = "" }: FormFieldsProps) => (
  <div className="flex flex-col gap-3">
    {fields.map((field) => {
      const path = pathOf(parent, field.name);
      const error = Object.hasOwn(errors, path) ? errors[path] : undefined;
      const { input } = field;
      if (input.kind === "group") {
        return (
          <FieldFrame key={path} field={field} error={error} isGroup>
            {() => (
              <div className="border-s-2 border-warn-line ps-3.5 pt-1">
                <FormFields fields={input.fields} draft={draft} errors={errors} onChange={onChange} parent={path} />
              </div>
            )}
          </FieldFrame>
        );
      }
      return (
        <FieldFrame key={path} field={field} error={error} isGroup={isGroupOfInputs(field)}>
          {(described) => (
            <FieldInput
              field={field}
              described={described}
              entry={Object.hasOwn(draft, path) ? draft[path] : undefined}
              onChange={(entry) => onChange({ ...draft, [path]: entry })}
            />
          )}
        </FieldFrame>
      );
    })}
  </div>
);
