import type { Model } from "natter/client";
import { formatCompact } from "../ui/format.ts";
import { settingsTexts } from "./settings-texts.ts";

/** What is known of a model, in a few words each. */
export const modelFacts = (model: Model): readonly string[] => [
  ...(model.contextTokens === null ? [] : [settingsTexts.context(formatCompact(model.contextTokens))]),
  ...(model.reasoning ? [settingsTexts.abilities.reasoning] : []),
  ...(model.tools ? [settingsTexts.abilities.tools] : []),
];
