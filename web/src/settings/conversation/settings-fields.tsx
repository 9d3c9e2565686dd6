import { Field, TextArea } from "../../ui/form/field.tsx";
import { Toggle } from "../../ui/form/toggle.tsx";
import { numberSettings } from "./setting-bounds.ts";
import type { DraftErrors, SettingsDraft } from "./settings-draft.ts";
import { settingsTexts } from "./settings-texts.ts";

export interface SettingsFieldsProps {
  readonly draft: SettingsDraft;
  readonly errors: DraftErrors;
  readonly onChange: (draft: SettingsDraft) => void;
}

/** Everything that a conversation may set for its model calls. */
export const SettingsFields = ({ draft, errors, onChange }: SettingsFieldsProps) => (
  <>
    <TextArea
      label={settingsTexts.instructions}
      hint={settingsTexts.instructionsHint}
      error={errors.instructions}
      rows={4}
      value={draft.instructions}
      onChange={(event) => onChange({ ...draft, instructions: event.target.value })}
    />
    <fieldset className="grid grid-cols-2 gap-3">
      <legend className="mb-2 text-12 font-[550] text-text-3">{settingsTexts.sampling}</legend>
      {numberSettings.map(({ name, low, high, step, isWhole }) => (
        <Field
          key={name}
          label={settingsTexts.fields[name]}
          error={errors[name]}
          type="number"
          inputMode={isWhole ? "numeric" : "decimal"}
          min={low}
          max={high}
          step={step}
          placeholder={settingsTexts.asModel}
          value={draft.numbers[name]}
          onChange={(event) => onChange({ ...draft, numbers: { ...draft.numbers, [name]: event.target.value } })}
        />
      ))}
    </fieldset>
    <Toggle
      label={settingsTexts.stream}
      description={settingsTexts.streamHint}
      isOn={draft.stream}
      onChange={(stream) => onChange({ ...draft, stream })}
    />
    <TextArea
      label={settingsTexts.providerOptions}
      hint={settingsTexts.providerOptionsHint}
      error={errors.providerOptions}
      isCode
      spellCheck={false}
      rows={3}
      value={draft.providerOptions}
      onChange={(event) => onChange({ ...draft, providerOptions: event.target.value })}
    />
  </>
);
