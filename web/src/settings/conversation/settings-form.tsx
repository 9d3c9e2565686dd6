import { RequestError } from "natter/client";
import { useState } from "react";
import { Button } from "../../ui/button/button.tsx";
import { messageOf } from "../../ui/message-of.ts";
import { AgentField } from "../models/agent-field.tsx";
import { AlwaysAllowed } from "./always-allowed.tsx";
import { draftOf, errorsOf, settingsOf } from "./settings-draft.ts";
import { SettingsFields } from "./settings-fields.tsx";
import { settingsTexts } from "./settings-texts.ts";
import { UsedSoFar } from "./used-so-far.tsx";
import type { Choices } from "../models/use-choices.ts";

export interface SettingsFormProps {
  /** Null: it is not stored yet. */
  readonly conversationId: string | null;
  readonly choices: Choices;
  readonly onClose: () => void;
}

const isConflict = (error: unknown): boolean => error instanceof RequestError && error.status === 412;

/** Settings to change and save; what somebody else changed meanwhile is not overwritten unseen. */
export const SettingsForm = ({ conversationId, choices, onClose }: SettingsFormProps) => {
  const [draft, setDraft] = useState(() => draftOf(choices.settings));
  const [agent, setAgent] = useState(choices.agent);
  const [seenVersion, setSeenVersion] = useState(choices.settingsVersion);
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const errors = errorsOf(draft);
  const isValid = Object.keys(errors).length === 0;
  const save = async (): Promise<void> => {
    setIsSaving(true);
    setProblem(null);
    try {
      const settings = settingsOf(draft);
      await choices.change(agent === null ? { settings } : { settings, agent }, seenVersion);
      onClose();
    } catch (error) {
      const version = error instanceof RequestError ? error.details["settingsVersion"] : undefined;
      if (isConflict(error) && typeof version === "number") setSeenVersion(version);
      setProblem(isConflict(error) ? settingsTexts.changedElsewhere : messageOf(error));
      setIsSaving(false);
    }
  };
  return (
    <form
      noValidate
      className="flex min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid && !isSaving) void save();
      }}
    >
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto overscroll-contain p-4">
        <AgentField value={agent} onChange={setAgent} />
        {conversationId !== null && (
          <>
            <UsedSoFar conversationId={conversationId} />
            <AlwaysAllowed conversationId={conversationId} />
          </>
        )}
        <SettingsFields draft={draft} errors={errors} onChange={setDraft} />
      </div>
      <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
        <p role="alert" className="w-full text-13 text-danger empty:hidden">
          {problem}
        </p>
        {choices.settingsVersion === null && (
          <p className="me-auto text-12 max-wide:w-full text-text-3">{settingsTexts.draftHint}</p>
        )}
        <Button look="plain" onClick={onClose}>
          {settingsTexts.cancel}
        </Button>
        <Button look="primary" type="submit" disabled={!isValid || isSaving}>
          {settingsTexts.save}
        </Button>
      </footer>
    </form>
  );
};
