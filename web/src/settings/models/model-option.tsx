import { Check } from "lucide-react";
import type { Model } from "natter/client";
import { DemoMark } from "./demo-mark.tsx";
import { modelFacts, modelPrice } from "./model-facts.ts";
import { settingsTexts } from "../conversation/settings-texts.ts";
import { isDemo, shortName } from "./use-catalogue.ts";

export interface ModelOptionProps {
  readonly model: Model;
  readonly isCurrent: boolean;
}

/** A model, what it can do, and what it costs. */
export const ModelOption = ({ model, isCurrent }: ModelOptionProps) => {
  const price = modelPrice(model);
  return (
    <>
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2 text-text">
          <span className="truncate font-[550]">{shortName(model)}</span>
          {isDemo(model.id) && <DemoMark />}
        </span>
        <span className="block text-12 text-text-2">{modelFacts(model).join(" · ")}</span>
      </span>
      {price !== null && (
        <span
          className="shrink-0 text-12 text-text-2 tabular-nums"
          title={settingsTexts.price(price.input, price.output)}
        >
          <span aria-hidden="true">{`${price.input} · ${price.output}`}</span>
          <span className="sr-only">{settingsTexts.price(price.input, price.output)}</span>
        </span>
      )}
      <span className="grid w-4 shrink-0 place-items-center text-accent-ink">
        {isCurrent && <Check size={16} strokeWidth={1.5} aria-hidden="true" />}
      </span>
    </>
  );
};
