import type { ConversationStore } from "natter/client";
import { useConversation } from "../../thread/use-conversation.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { listNames, nameOf, othersOf } from "./other-people.ts";
import { shellTexts } from "../shell-texts.ts";
import { useMe } from "../use-me.ts";

const mostShown = 3;

/** Who else has the conversation open now. */
export const PresentPeople = ({ store }: { readonly store: ConversationStore }) => {
  const people = othersOf(
    useConversation(store, (view) => view.presence),
    useMe()?.userId,
  );
  if (people.length === 0) return null;
  const words = shellTexts.alsoHere(listNames(people));
  const more = people.length - mostShown;
  return (
    <span role="img" aria-label={words} title={words} className="me-1 flex items-center">
      {people.slice(0, mostShown).map((person) => (
        <Avatar
          key={person.userId}
          name={nameOf(person)}
          fallback="?"
          className={`-ms-1.5 size-[26px] border-2 border-bg first:ms-0 ${person.isWriting ? "ring-2 ring-accent" : ""}`}
        />
      ))}
      {more > 0 && (
        <span aria-hidden="true" className="ms-1 text-12 text-text-3 tabular-nums">
          +{more}
        </span>
      )}
    </span>
  );
};
