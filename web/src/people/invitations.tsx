import { useQuery } from "@tanstack/react-query";
import type { Invitation, InviteBody, Me } from "natter/client";
import { useState } from "react";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button/button.tsx";
import { ConfirmButton } from "../ui/button/confirm-button.tsx";
import { Field } from "../ui/form/field.tsx";
import { SelectField } from "../ui/form/select-field.tsx";
import { formatDate } from "../ui/format-date.ts";
import { PageSection } from "../ui/page/page-section.tsx";
import { Refusal } from "../ui/page/refusal.tsx";
import { ShownOnce } from "../ui/page/shown-once.tsx";
import { peopleTexts } from "./people-texts.ts";
import { useDeed, type Deed } from "../ui/page/use-deed.ts";

type InvitedRole = NonNullable<InviteBody["role"]>;

const roleOptions = (["member", "admin", "reader"] as const).map((value) => ({
  value,
  label: `${peopleTexts.roles[value]}: ${peopleTexts.roleHints[value]}`,
}));

interface InviteFormProps {
  readonly deed: Deed;
  readonly onInvite: (body: InviteBody) => Promise<void>;
}

const InviteForm = ({ deed, onInvite }: InviteFormProps) => {
  const [role, setRole] = useState<InvitedRole>("member");
  const [note, setNote] = useState("");
  return (
    <form
      className="grid grid-cols-2 items-start gap-3 max-wide:grid-cols-1"
      onSubmit={(event) => {
        event.preventDefault();
        deed.act(() => onInvite({ role, note: note.trim() === "" ? undefined : note.trim() }));
      }}
    >
      <SelectField label={peopleTexts.inviteAs} value={role} options={roleOptions} onChange={setRole} />
      <Field
        label={peopleTexts.inviteNote}
        hint={peopleTexts.inviteNoteHint}
        dir="auto"
        maxLength={200}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
      <Button type="submit" look="primary" disabled={deed.isBusy} className="justify-self-start">
        {peopleTexts.makeLink}
      </Button>
    </form>
  );
};

interface InvitationRowProps {
  readonly invitation: Invitation;
  readonly isBusy: boolean;
  readonly onWithdraw: () => void;
}

const InvitationRow = ({ invitation, isBusy, onWithdraw }: InvitationRowProps) => {
  const role = peopleTexts.roles[invitation.role];
  return (
    <li className="flex min-h-11 items-center gap-3 border-t border-line first:border-t-0">
      <span className="min-w-0 flex-1 leading-tight">
        <b dir="auto" className="block truncate font-[550]">
          {invitation.note ?? role}
        </b>
        <small className="text-12 text-text-3">{`${role} · ${peopleTexts.until(formatDate(invitation.expiresAt))}`}</small>
      </span>
      <ConfirmButton
        label={peopleTexts.withdraw}
        question={peopleTexts.withdrawWhat(invitation.note ?? role)}
        disabled={isBusy}
        onConfirm={onWithdraw}
      />
    </li>
  );
};

/** Makes links that let people in, and shows which can still be used. */
export const Invitations = ({ me: { workspaceId } }: { readonly me: Me }) => {
  const { workspaces } = useNatter();
  const deed = useDeed("invitations");
  const [link, setLink] = useState<string | null>(null);
  const open = useQuery({ queryKey: ["invitations"], queryFn: () => workspaces.invitations(workspaceId) });
  const invitations = open.data?.data ?? [];
  const invite = async (body: InviteBody): Promise<void> =>
    setLink(new URL((await workspaces.invite(workspaceId, body)).path, location.origin).href);
  return (
    <>
      <PageSection title={peopleTexts.invite}>
        {link === null ? (
          <InviteForm deed={deed} onInvite={invite} />
        ) : (
          <ShownOnce
            label={peopleTexts.linkLabel}
            hint={peopleTexts.linkHint}
            value={link}
            onDone={() => setLink(null)}
          />
        )}
        <Refusal error={deed.error} />
      </PageSection>
      {invitations.length > 0 && (
        <PageSection title={peopleTexts.invitations}>
          <ul>
            {invitations.map((invitation) => (
              <InvitationRow
                key={invitation.id}
                invitation={invitation}
                isBusy={deed.isBusy}
                onWithdraw={() => deed.act(() => workspaces.withdraw(workspaceId, invitation.id))}
              />
            ))}
          </ul>
        </PageSection>
      )}
    </>
  );
};
