import type { Conversation } from "natter/client";
import { formatNumber } from "../../ui/format.ts";
import { isRecord } from "../../ui/stored-value.ts";
import {
  mostInstructionCharacters,
  mostProviderOptionCharacters,
  numberSettings,
  type NumberSetting,
} from "./setting-bounds.ts";
import { settingsTexts } from "./settings-texts.ts";

export type Settings = Conversation["settings"];
type ProviderOptions = NonNullable<Settings["providerOptions"]>;

/** Settings as they stand in a form: text in every field, empty where the agent's or the model's own hold. */
export interface SettingsDraft {
  readonly instructions: string;
  readonly numbers: Readonly<Record<NumberSetting["name"], string>>;
  readonly stream: boolean;
  readonly providerOptions: string;
}

export type DraftField = keyof SettingsDraft | NumberSetting["name"];
export type DraftErrors = Partial<Readonly<Record<DraftField, string>>>;

export const draftOf = (settings: Settings): SettingsDraft => ({
  instructions: settings.instructions ?? "",
  numbers: {
    temperature: settings.temperature?.toString() ?? "",
    topP: settings.topP?.toString() ?? "",
    maxOutputTokens: settings.maxOutputTokens?.toString() ?? "",
    frequencyPenalty: settings.frequencyPenalty?.toString() ?? "",
    presencePenalty: settings.presencePenalty?.toString() ?? "",
  },
  stream: settings.stream ?? true,
  providerOptions: settings.providerOptions === undefined ? "" : JSON.stringify(settings.providerOptions, null, 2),
});

const numberError = (text: string, { low, high, isWhole }: NumberSetting): string | undefined => {
  if (text.trim() === "") return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < low || value > high)
    return settingsTexts.between(formatNumber(low), formatNumber(high));
  return isWhole && !Number.isInteger(value) ? settingsTexts.wholeNumber : undefined;
};

const isProviderOptions = (value: unknown): value is ProviderOptions =>
  isRecord(value) && Object.values(value).every(isRecord);

/** Undefined: none. Null: this is none. */
const parseProviderOptions = (text: string): ProviderOptions | undefined | null => {
  if (text.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isProviderOptions(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
};

/** What is wrong with a draft, by field; the server holds to the same bounds. */
export const errorsOf = (draft: SettingsDraft): DraftErrors => {
  const errors: { [Field in DraftField]?: string } = {};
  for (const setting of numberSettings) {
    const error = numberError(draft.numbers[setting.name], setting);
    if (error !== undefined) errors[setting.name] = error;
  }
  if (draft.instructions.length > mostInstructionCharacters)
    errors.instructions = settingsTexts.tooLong(formatNumber(mostInstructionCharacters));
  const options = parseProviderOptions(draft.providerOptions);
  if (options === null) errors.providerOptions = settingsTexts.notJson;
  else if (JSON.stringify(options ?? {}).length > mostProviderOptionCharacters)
    errors.providerOptions = settingsTexts.tooLong(formatNumber(mostProviderOptionCharacters));
  return errors;
};

/** The settings that a draft without errors says. */
export const settingsOf = (draft: SettingsDraft): Settings => {
  const numbers = numberSettings.flatMap(({ name }) => {
    const text = draft.numbers[name].trim();
    return text === "" ? [] : [[name, Number(text)] as const];
  });
  const providerOptions = parseProviderOptions(draft.providerOptions);
  return {
    ...Object.fromEntries(numbers),
    ...(draft.instructions.trim() === "" ? {} : { instructions: draft.instructions }),
    ...(draft.stream ? {} : { stream: false }),
    ...(providerOptions === null || providerOptions === undefined ? {} : { providerOptions }),
  };
};
