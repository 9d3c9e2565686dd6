import type { AccountSession } from "natter/client";
import { formatDate, formatMoment } from "../ui/format-date.ts";
import { Refusal } from "../ui/page/refusal.tsx";
import { useDeed } from "../ui/page/use-deed.ts";
import { endSession } from "../kept/sign-out.ts";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button/button.tsx";
import { ConfirmButton } from "../ui/button/confirm-button.tsx";
import { accountTexts } from "./account-texts.ts";
import { browserName } from "./browser-name.ts";

const nameOf = ({ userAgent, isCurrent }: AccountSession): string => {
  const name = browserName(userAgent);
  if (isCurrent) return name === null ? accountTexts.thisBrowser : `${accountTexts.thisBrowser}: ${name}`;
  return name ?? accountTexts.otherBrowser;
};

/** Where somebody is signed in, and the ways out. */
export const SessionList = ({ sessions }: { readonly sessions: readonly AccountSession[] }) => {
  const client = useNatter();
  const deed = useDeed("account");
  return (
    <>
      <ul>
        {sessions.map((session) => (
          <li key={session.id} className="border-t border-line py-2 leading-tight first:border-t-0">
            <b className="block font-[550]">{nameOf(session)}</b>
            <small className="text-12 text-text-3 tabular-nums">
              {accountTexts.since(formatMoment(session.createdAt))} ·{" "}
              {accountTexts.until(formatDate(session.expiresAt))}
            </small>
          </li>
        ))}
      </ul>
      <div className="-ms-3 mt-1 flex flex-wrap gap-1">
        {sessions.length > 1 && (
          <ConfirmButton
            label={accountTexts.endOthers}
            question={accountTexts.endOthers}
            disabled={deed.isBusy}
            onConfirm={() => deed.act(() => client.account.signOutElsewhere())}
          />
        )}
        <Button look="plain" disabled={deed.isBusy} onClick={() => deed.act(() => endSession(client))}>
          {accountTexts.signOut}
        </Button>
      </div>
      <Refusal error={deed.error} />
    </>
  );
};
