import type { Model } from "natter/client";
import { formatCompact, formatMicros } from "../ui/format.ts";
import { settingsTexts } from "./settings-texts.ts";

/** What is known of a model, in a few words each. */
export const modelFacts = (model: Model): readonly string[] => [
  ...(model.contextTokens === null ? [] : [settingsTexts.context(formatCompact(model.contextTokens))]),
  ...(model.reasoning ? [settingsTexts.abilities.reasoning] : []),
  ...(model.tools ? [settingsTexts.abilities.tools] : []),
  ...(model.images ? [settingsTexts.abilities.images] : []),
  ...(model.price === null
    ? []
    : [
        settingsTexts.price(
          formatMicros(model.price.inputMicrosPerMillion),
          formatMicros(model.price.outputMicrosPerMillion),
        ),
      ]),
];
