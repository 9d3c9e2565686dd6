import type { ConversationStore } from "natter/client";
import { useState } from "react";
import { isDemo } from "../../settings/models/use-catalogue.ts";
import { useConversation } from "../../thread/use-conversation.ts";
import { BrandMark } from "../../ui/brand-mark.tsx";
import { greetingAt } from "./greeting.ts";
import { shellTexts } from "../shell-texts.ts";
import { startersFor, type Starter } from "./starters.ts";

export interface GreetingProps {
  readonly store: ConversationStore;
  readonly modelId: string | null;
}

/** What stands above the composer of a conversation without messages. */
export const Greeting = ({ store, modelId }: GreetingProps) => {
  const isTemporary = useConversation(store, ({ draft }) => draft.temporary === true);
  const [greeting] = useState(() => greetingAt(new Date().getHours()));
  return (
    <div className="flex flex-1 flex-col items-center justify-end px-7 pb-6 text-center">
      <BrandMark size={36} />
      <h2 className="mt-4 text-28 leading-tight font-[620] tracking-[-0.02em] text-balance">{greeting}</h2>
      {isTemporary && <p className="mt-3 max-w-[480px] text-pretty text-text-2">{shellTexts.temporaryNote}</p>}
      {modelId !== null && isDemo(modelId) && (
        <p className="mt-3 max-w-[480px] text-pretty text-text-2">{shellTexts.demoNote}</p>
      )}
    </div>
  );
};

export interface StartersProps {
  readonly modelId: string | null;
  readonly onStart: (text: string) => void;
}

const StarterButton = ({
  starter,
  onStart,
}: {
  readonly starter: Starter;
  readonly onStart: (text: string) => void;
}) => (
  <li>
    <button
      type="button"
      onClick={() => onStart(starter.text)}
      className="h-9 rounded-full border border-line bg-surface px-4 text-13 font-medium text-text-2 transition-colors duration-(--fast) hover:border-edge hover:text-text max-wide:h-11"
    >
      {starter.label}
    </button>
  </li>
);

/** What stands below it. */
export const Starters = ({ modelId, onStart }: StartersProps) => (
  <div className="flex-1 px-7 pt-5">
    <ul aria-label={shellTexts.startersLabel} className="mx-auto flex max-w-[720px] flex-wrap justify-center gap-2">
      {startersFor(modelId).map((starter) => (
        <StarterButton key={starter.label} starter={starter} onStart={onStart} />
      ))}
    </ul>
  </div>
);
