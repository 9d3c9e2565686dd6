import { createStoredValue, isRecord } from "../../ui/stored-value.ts";

/** What was chosen last for a new conversation; null: the server's default. */
export interface LastChoice {
  readonly agent: string | null;
  readonly model: string | null;
}

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

const parseChoice = (stored: unknown): LastChoice => {
  const known = isRecord(stored) ? stored : {};
  return { agent: textOrNull(known["agent"]), model: textOrNull(known["model"]) };
};

/** The choice that the next new conversation begins with, kept on this device. */
export const lastChoice = createStoredValue("natter.last-choice", parseChoice);
