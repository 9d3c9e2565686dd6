import type { Model } from "natter/client";
import { useState } from "react";
import { OptionList, type Option } from "../../ui/list/option-list.tsx";
import { ModelOption } from "./model-option.tsx";
import { settingsTexts } from "../conversation/settings-texts.ts";
import { providerOf } from "./use-catalogue.ts";

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
      content: <ModelOption model={model} isCurrent={model.id === current} />,
    }));
  return (
    <>
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
      {models.some(({ price }) => price !== null) && (
        <p aria-hidden="true" className="shrink-0 border-t border-line px-4 py-2 text-12 text-text-3">
          {settingsTexts.priceNote}
        </p>
      )}
    </>
  );
};
