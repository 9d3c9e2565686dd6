import { Check } from "lucide-react";
import type { Model } from "natter/client";
import { useState } from "react";
import { OptionList, type Option } from "../ui/option-list.tsx";
import { DemoMark } from "./demo-mark.tsx";
import { modelFacts } from "./model-facts.ts";
import { settingsTexts } from "./settings-texts.ts";
import { isDemo, providerOf, shortName } from "./use-catalogue.ts";

export interface ModelListProps {
  readonly models: readonly Model[];
  readonly current: string;
  readonly onChoose: (modelId: string) => void;
}

const matches = ({ id, name }: Model, query: string): boolean =>
  query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => `${id} ${name}`.toLowerCase().includes(word));

/** The models to choose from, by provider, with what they can do and cost. */
export const ModelList = ({ models, current, onChoose }: ModelListProps) => {
  const [query, setQuery] = useState("");
  const options: Option[] = models
    .filter((model) => matches(model, query))
    .toSorted((left, right) => providerOf(left.id).localeCompare(providerOf(right.id)))
    .map((model) => ({
      id: model.id,
      group: providerOf(model.id),
      isSelected: model.id === current,
      content: (
        <>
          <span className="min-w-0 flex-1">
            <span className="flex items-center gap-2 text-text">
              <span className="truncate font-[550]">{shortName(model)}</span>
              {isDemo(model.id) && <DemoMark />}
            </span>
            <span className="block text-12 text-pretty text-text-2">{modelFacts(model).join(" · ")}</span>
          </span>
          {model.id === current && (
            <Check size={16} strokeWidth={1.5} aria-hidden="true" className="shrink-0 text-accent-ink" />
          )}
        </>
      ),
    }));
  return (
    <OptionList
      label={settingsTexts.model}
      placeholder={settingsTexts.modelSearch}
      query={query}
      onQuery={setQuery}
      options={options}
      nothing={settingsTexts.noModel}
      onChoose={onChoose}
      className="max-h-[420px]"
    />
  );
};
