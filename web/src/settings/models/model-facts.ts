import type { Model } from "natter/client";
import { formatCompact, formatMicros } from "../../ui/format.ts";
import { settingsTexts } from "../conversation/settings-texts.ts";

/** What is known of a model, in a few words each. */
export const modelFacts = (model: Model): readonly string[] => [
  ...(model.contextTokens === null ? [] : [settingsTexts.context(formatCompact(model.contextTokens))]),
  ...(model.reasoning ? [settingsTexts.abilities.reasoning] : []),
  ...(model.tools ? [settingsTexts.abilities.tools] : []),
  ...(model.images ? [settingsTexts.abilities.images] : []),
];

/** What a million tokens cost, read and written; null: it is not known. */
export const modelPrice = ({ price }: Model): { readonly input: string; readonly output: string } | null =>
  price === null
    ? null
    : { input: formatMicros(price.inputMicrosPerMillion), output: formatMicros(price.outputMicrosPerMillion) };
