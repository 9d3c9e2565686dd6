import { createStoredValue, isRecord } from "../ui/stored-value.ts";
import { draftOf, errorsOf, settingsOf, type Settings } from "./settings-draft.ts";

/** What the next new conversation begins with; null: the server's default. */
export interface DraftChoices {
  readonly agent: string | null;
  readonly model: string | null;
  readonly settings: Settings;
}

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

const parseSettings = (stored: unknown): Settings => {
  const known = isRecord(stored) ? stored : {};
  const draft = draftOf({});
  const read = {
    instructions: textOrNull(known["instructions"]) ?? "",
    numbers: Object.fromEntries(
      Object.keys(draft.numbers).map((name) => [name, typeof known[name] === "number" ? String(known[name]) : ""]),
    ),
    stream: known["stream"] !== false,
    providerOptions: isRecord(known["providerOptions"]) ? JSON.stringify(known["providerOptions"]) : "",
  };
  const settings = { ...draft, ...read, numbers: { ...draft.numbers, ...read.numbers } };
  return Object.keys(errorsOf(settings)).length === 0 ? settingsOf(settings) : {};
};

const parseChoices = (stored: unknown): DraftChoices => {
  const known = isRecord(stored) ? stored : {};
  return {
    agent: textOrNull(known["agent"]),
    model: textOrNull(known["model"]),
    settings: parseSettings(known["settings"]),
  };
};

/** The choices for the next new conversation, kept on this device. */
export const draftChoices = createStoredValue("natter.draft-choices", parseChoices);
