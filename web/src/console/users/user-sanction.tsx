import type { AdminUser } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { useMe } from "../../shell/use-me.ts";
import { Button } from "../../ui/button/button.tsx";
import { ConfirmButton } from "../../ui/button/confirm-button.tsx";
import { Refusal } from "../../ui/page/refusal.tsx";
import { useDeed } from "../../ui/page/use-deed.ts";
import { consoleTexts } from "../console-texts.ts";
import { nameOfUser } from "./name-of-user.ts";

/** Keeps somebody out of the workspace, or lets them in again; nobody does so to themselves or to somebody above. */
export const UserSanction = ({ user }: { readonly user: AdminUser }) => {
  const { workspaces } = useNatter();
  const me = useMe();
  const deed = useDeed("console", "members");
  if (me === undefined || me.userId === user.id || (user.role === "owner" && me.role !== "owner"))
    return <div className="h-4" />;
  const setSuspended = (suspended: boolean): void =>
    deed.act(() => workspaces.changeMember(me.workspaceId, user.id, { suspended }));
  const name = nameOfUser(user);
  return (
    <div className="my-4 flex flex-wrap items-center gap-3">
      {user.suspendedAt === null ? (
        <ConfirmButton
          label={consoleTexts.suspend}
          question={consoleTexts.suspendWhom(name)}
          disabled={deed.isBusy}
          onConfirm={() => setSuspended(true)}
        />
      ) : (
        <Button disabled={deed.isBusy} onClick={() => setSuspended(false)}>
          {consoleTexts.restore}
        </Button>
      )}
      <Refusal error={deed.error} />
    </div>
  );
};
