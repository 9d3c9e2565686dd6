import type { Client, Me, Member, Role } from "natter/client";
import { Avatar } from "../ui/avatar.tsx";
import { Button } from "../ui/button/button.tsx";
import { ConfirmButton } from "../ui/button/confirm-button.tsx";
import { SelectField } from "../ui/form/select-field.tsx";
import { enterWorkspace } from "../shell/workspace-choice.ts";
import { peopleTexts } from "./people-texts.ts";
import type { Deed } from "../ui/page/use-deed.ts";

export interface MemberRowProps {
  readonly member: Member;
  readonly me: Me;
  readonly workspaces: Client["workspaces"];
  readonly deed: Deed;
}

const roles: readonly Role[] = ["owner", "admin", "member", "reader"];

/** The roles that somebody may give to this member. */
const givenBy = (own: Role, current: Role): readonly { readonly value: Role; readonly label: string }[] =>
  roles
    .filter((role) => role === current || own === "owner" || role !== "owner")
    .map((value) => ({ value, label: peopleTexts.roles[value] }));

const RoleField = ({ member, me, workspaces, deed }: MemberRowProps) => (
  <SelectField
    label={peopleTexts.roleOf(member.name ?? member.userId)}
    isLabelHidden
    value={member.role}
    options={givenBy(me.role, member.role)}
    disabled={deed.isBusy}
    onChange={(role) => deed.act(() => workspaces.changeMember(me.workspaceId, member.userId, { role }))}
  />
);

const Sanctions = ({ member, me, workspaces, deed }: MemberRowProps) => {
  const name = member.name ?? member.userId;
  const { suspended, userId } = member;
  const setSuspended = (isSuspended: boolean) => () =>
    deed.act(() => workspaces.changeMember(me.workspaceId, userId, { suspended: isSuspended }));
  return (
    <>
      {suspended ? (
        <Button
          look="plain"
          aria-label={peopleTexts.unsuspendWhom(name)}
          disabled={deed.isBusy}
          onClick={setSuspended(false)}
        >
          {peopleTexts.unsuspend}
        </Button>
      ) : (
        <ConfirmButton
          label={peopleTexts.suspend}
          question={peopleTexts.suspendWhom(name)}
          disabled={deed.isBusy}
          onConfirm={setSuspended(true)}
        />
      )}
      <ConfirmButton
        label={peopleTexts.remove}
        question={peopleTexts.removeWhom(name)}
        disabled={deed.isBusy}
        onConfirm={() => deed.act(() => workspaces.removeMember(me.workspaceId, userId))}
      />
    </>
  );
};

/** Somebody who is in the workspace, and what may be done about it. */
export const MemberRow = (props: MemberRowProps) => {
  const { member, me, workspaces, deed } = props;
  const isSelf = member.userId === me.userId;
  const mayRule = me.role === "owner" || (me.role === "admin" && member.role !== "owner");
  const leave = async (): Promise<void> => {
    await workspaces.removeMember(me.workspaceId, member.userId);
    enterWorkspace(null);
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-t border-line py-2 first:border-t-0">
      <Avatar name={member.name} fallback="?" />
      <span className="min-w-32 flex-1 leading-tight">
        <b dir="auto" className="block truncate font-[550]">
          {member.name ?? peopleTexts.somebody}
          {isSelf && <span className="font-normal text-text-3"> ({peopleTexts.you})</span>}
        </b>
        <small className="block truncate text-12 text-text-3">
          {[member.email, member.suspended ? peopleTexts.suspended : null].filter((text) => text !== null).join(" · ")}
        </small>
      </span>
      {mayRule ? (
        <RoleField {...props} />
      ) : (
        <span className="text-13 text-text-2">{peopleTexts.roles[member.role]}</span>
      )}
      <span className="flex flex-wrap gap-1">
        {isSelf ? (
          <ConfirmButton
            label={peopleTexts.leave}
            question={peopleTexts.leaveWhat}
            disabled={deed.isBusy}
            onConfirm={() => deed.act(leave)}
          />
        ) : (
          mayRule && <Sanctions {...props} />
        )}
      </span>
    </li>
  );
};
