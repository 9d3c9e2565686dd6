import { ChevronDown } from "lucide-react";
import { Suspense } from "react";
import { lazyPart } from "../../ui/lazy-part.ts";
import { messageOf } from "../../ui/message-of.ts";
import { notify } from "../../ui/notice/notices.ts";
import { Popover } from "../../ui/overlay/popover.tsx";
import { DemoMark } from "./demo-mark.tsx";
import { settingsTexts } from "../conversation/settings-texts.ts";
import { answeringModel, isDemo, providerOf, shortName, useAgents, useModels } from "./use-catalogue.ts";
import type { Choices } from "./use-choices.ts";

const ModelList = lazyPart(async () => (await import("./model-list.tsx")).ModelList);

export interface ModelSelectorProps {
  readonly choices: Choices;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** Which model answers, and the choice of another. */
export const ModelSelector = ({ choices, isOpen, onOpenChange }: ModelSelectorProps) => {
  const models = useModels();
  const agents = useAgents();
  const current = answeringModel(choices, models, agents);
  if (current === null) return null;
  const known = models.find(({ id }) => id === current);
  const name = known === undefined ? current : shortName(known);
  const choose = (model: string): void => {
    onOpenChange(false);
    choices.change({ model }).catch((error: unknown) => notify(messageOf(error), { tone: "danger" }));
  };
  return (
    <Popover
      label={settingsTexts.model}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      className="w-[380px]"
      trigger={
        <button
          type="button"
          disabled={!choices.mayChange}
          className="flex h-[30px] max-w-[60%] shrink-0 items-center max-wide:h-10 max-wide:max-w-none max-wide:min-w-0 max-wide:shrink gap-[7px] rounded-small px-[9px] whitespace-nowrap text-text-2 enabled:hover:bg-hover aria-expanded:bg-hover"
        >
          <span className="sr-only">{settingsTexts.model}: </span>
          <b className="truncate font-[550] text-text">{name}</b>
          {isDemo(current) ? (
            <DemoMark />
          ) : (
            <span className="text-text-3 @max-[640px]/main:hidden">{providerOf(current)}</span>
          )}
          {choices.mayChange && <ChevronDown size={14} strokeWidth={1.5} aria-hidden="true" className="shrink-0" />}
        </button>
      }
    >
      <Suspense>
        <ModelList models={models} current={current} onChoose={choose} />
      </Suspense>
    </Popover>
  );
};
